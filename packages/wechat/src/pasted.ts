import { badOption } from './errors/bad-option.ts'
import { checkSecret, checkText } from './internal/check.ts'
import type { SecretInput } from './secret.ts'

const appidShape = /^[\w-]{1,64}$/
const realAppid = /^wx[0-9a-f]{16}$/
const realSecret = /^[0-9a-f]{32}$/

/** What comes along when a value is copied from a page, a chat or a file, and cannot be seen in a log. */
const pasted = [
  [/\p{Cf}/u, 'an invisible character (zero-width, byte-order mark)', '不可见字符（零宽字符、BOM）'],
  [/\s/, 'a space or line end', '空格或换行'],
  [/["'`“”‘’「」]/, 'a quotation mark', '引号'],
  [/[^\x21-\x7e]/, 'a full-width or other character that is not ASCII', '全角或其他非 ASCII 字符'],
] as const

/** Refuses an appid that cannot be one, and says what is wrong with it. The value is not told: it may be a secret. */
export function checkAppid(name: string, value: unknown): string {
  const appid = checkText(name, value)
  if (realSecret.test(appid)) throw swapped(name, 'an AppSecret', 'AppSecret')
  if (appidShape.test(appid)) return appid
  refusePasted(name, appid)
  throw badOption(name, { en: 'must look like wx1234567890abcdef', zh: '应形如 wx1234567890abcdef' })
}

/** Gives the text of an AppSecret without the space around it, as files and environments add it. */
export function checkAppSecret(name: string, value: SecretInput): string {
  const secret = checkSecret(name, value).trim()
  if (realAppid.test(secret)) throw swapped(name, 'an appid', 'appid')
  refusePasted(name, secret)
  return secret
}

function refusePasted(name: string, text: string): void {
  for (const [kind, en, zh] of pasted) {
    if (kind.test(text))
      throw badOption(name, { en: `holds ${en}: copy it again`, zh: `中有${zh}，请重新复制` })
  }
}

function swapped(name: string, en: string, zh: string): Error {
  return badOption(name, {
    en: `holds what looks like ${en}; the two may be swapped`,
    zh: `的内容像是 ${zh}，两者可能填反了`,
  })
}
