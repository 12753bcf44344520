export type LanguageName = 'python' | 'php' | 'java' | 'go' | 'csharp'

/** What runs programs of the language, and what runs its tests, where there is one. */
export interface Language {
  path: string | undefined
  tests: string | undefined
}

/** The languages of this machine. `install` brings what is missing, as root on Debian. */
export function findLanguages(options?: { install?: boolean }): Record<LanguageName, Language>
