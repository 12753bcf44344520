import { type AppSettings, appSettings } from '@haoma/protocol/admin'

/** What is stored, as far as this version knows it. */
export function readSettings(text: string): AppSettings {
  const { data } = appSettings.safeParse(JSON.parse(text))
  return data ?? {}
}

/**
 * Takes settings of anybody, with nothing in them that is unknown.
 *
 * @throws {TypeError} Naming what is wrong; for people, in Chinese and English.
 */
export function checkSettings(settings: unknown): AppSettings {
  const { data, error } = appSettings.strict().safeParse(settings)
  if (data) return data
  const issues = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw new TypeError(`应用设置有误 / The settings of the app are not valid: ${issues}`)
}
