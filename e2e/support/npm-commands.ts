import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './fences.ts'

const manifest = (folder: string) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
const inside = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name))
const published = () => inside('packages').map((folder) => manifest(folder).name as string)
const tests = () =>
  ['e2e', 'packages', 'examples', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  )
const projects = () => {
  const configs = [join(root, 'vitest.config.ts'), join(root, 'packages/uni/vitest.config.ts')]
  return configs.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/name: '(\w+)'/g)].map(([, name]) => name),
  )
}

/** Forms of a command, and whether what it names is there. */
const forms: ReadonlyArray<readonly [RegExp, (...names: string[]) => boolean]> = [
  [/^npm install (\S+)$/, (name) => published().includes(name)],
  [/^npm (start|test)$/, (script) => script in manifest('.').scripts],
  [
    /^npm run (\S+) -w (\S+)$/,
    (script, folder) => existsSync(join(root, folder)) && script in manifest(folder).scripts,
  ],
  [
    /^npx vitest run((?: --project \w+)+)(?: (\S+))?$/,
    (named, filter = '') =>
      [...named.matchAll(/--project (\w+)/g)].every(([, project]) => projects().includes(project)) &&
      tests().some((file) => file.includes(filter)),
  ],
]

/** Commands of a fence that name a package, script, folder, project or test which is not there. */
export function unfoundIn(text: string): string[] {
  const commands = text
    .replaceAll(/(^|\s)#.*$/gm, '')
    .split(/\n|&&/)
    .map((command) => command.trim())
    .filter(Boolean)
  return commands.filter(
    (command) =>
      !forms.some(([form, isThere]) => {
        const found = form.exec(command)
        return found !== null && isThere(...found.slice(1))
      }),
  )
}
