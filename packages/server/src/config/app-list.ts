import { createSecret } from '@haoma/wechat'
import { isOwnAppid } from '../apps/own-appid.ts'
import type { AppWithoutWeChat, MiniProgram } from '../options.ts'

/** What editors, chat windows and shells leave around a value that was pasted; none of it can be seen. */
const INVISIBLE = /[\s\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/u
const AROUND = new RegExp(`^${INVISIBLE.source}+|${INVISIBLE.source}+$`, 'gu')

const APPID = /^wx[0-9a-f]{16}$/
const APP_SECRET = /^[0-9a-f]{32}$/i

/** What can be wrong with an item of `HAOMA_APPS`, the first that applies. No text repeats the value: it may be a secret. */
const faults: readonly (readonly [found: (item: Item) => boolean, text: string])[] = [
  [({ text }) => /^[[{]/.test(text), '不是 JSON，应为 appid:secret / is not JSON, it must be appid:secret'],
  [
    ({ text }) => /['"`‘’“”]/.test(text),
    '请去掉引号，应为 appid:secret / must be appid:secret without quotes',
  ],
  [
    ({ text }) => /[：，；＝、]/.test(text),
    '含有全角标点（：，；），应为半角的 appid:secret / has full-width punctuation; it must be appid:secret with : and ,',
  ],
  [
    ({ appid, appSecret }) => INVISIBLE.test(appid + appSecret),
    '中间有空格或看不见的字符，请重新复制 / must hold no space or invisible character; copy it again',
  ],
  [
    ({ appid, appSecret }) => APP_SECRET.test(appid) && APPID.test(appSecret),
    'appid 与 AppSecret 写反了，应为 appid:secret / has appid and secret swapped, it must be appid:secret',
  ],
  [
    ({ text }) => !text.includes(':'),
    '应为 appid:secret 或 appid:secret:名称 / must be appid:secret or appid:secret:name',
  ],
  [
    ({ appid }) => !APPID.test(appid),
    'appid 应为 wx 加 16 位十六进制（在公众平台“开发设置”中）/ must begin with an appid: wx and 16 hex digits',
  ],
  [
    ({ appSecret }) => !APP_SECRET.test(appSecret),
    'AppSecret 应为 32 位十六进制，不是示例文字（在公众平台“开发设置”中重置后得到）/ must hold an AppSecret of 32 hex digits, not the placeholder',
  ],
]

interface Item {
  text: string
  appid: string
  appSecret: string
  name: string | undefined
}

/** Reads `appid:secret` or `appid:secret:name`, or says what is wrong with it. */
export function readApp(pasted: string): MiniProgram | { wrong: string } {
  const text = trimPasted(pasted)
  const [appid = '', appSecret = '', ...rest] = text.split(':')
  const item: Item = {
    text,
    appid: trimPasted(appid),
    appSecret: trimPasted(appSecret),
    name: rest.length > 0 ? trimPasted(rest.join(':')) : undefined,
  }
  const named = { ...item, text: rest.length > 0 ? `${item.appid}:${item.appSecret}` : text }
  const fault = faults.find(([found]) => found(named))
  if (fault) return { wrong: fault[1] }
  return { appid: item.appid, appSecret: createSecret(item.appSecret), ...(item.name && { name: item.name }) }
}

const kinds = ['h5', 'app'] as const

/** Reads `id:h5` or `id:app`, with `:name` or without, or says what is wrong with it. */
export function readAppWithoutWeChat(pasted: string): AppWithoutWeChat | { wrong: string } {
  const [appid = '', kindText, ...rest] = trimPasted(pasted).split(':').map(trimPasted)
  const kind = kinds.find((known) => known === kindText)
  if (!isOwnAppid(appid)) {
    return {
      wrong:
        '应以自定的应用标识开头：小写字母、数字和连字符，3 到 64 位，如 shop-h5 / must begin with an id of yours: 3 to 64 lower-case letters, digits and hyphens, such as shop-h5',
    }
  }
  if (kind === undefined) {
    return {
      wrong: '应为 标识:h5 或 标识:app，可再加 :名称 / must be id:h5 or id:app, with :name if you like',
    }
  }
  const name = rest.join(':')
  return { appid, kind, ...(name && { name }) }
}

/** Takes away what was pasted around a value and cannot be seen. */
export function trimPasted(text: string): string {
  return text.replaceAll(AROUND, '')
}
