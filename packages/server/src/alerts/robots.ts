import { createHmac } from 'node:crypto'
import type { TextPair } from '@haoma/protocol/admin'

/** What is told at once. */
export interface Notice {
  title: string
  /** Markdown, a paragraph each; clipped where the robot takes less. */
  paragraphs: readonly string[]
  isGood: boolean
}

/** How a robot took it. */
export interface Verdict {
  isDelivered: boolean
  /** When to try again, if it was not. */
  waitMs: number
  text: TextPair
}

/** A robot of a group chat: how it is spoken to, and what its answers mean. All of them answer 200 to a failure. */
export interface Robot {
  request(
    to: { url: string; secret: string | undefined; nowMs: number },
    notice: Notice,
  ): { url: string; body: string }
  /** The field of the answer that holds its error; 0 is none. */
  field: 'errcode' | 'code'
  errors: Readonly<Record<number, { waitMs: number; text: TextPair }>>
}

const MINUTE_MS = 60_000
/** Somebody has to mend it; trying often does not help. */
const MEND_MS = 30 * MINUTE_MS
const mend = (zh: string, en: string) => ({ waitMs: MEND_MS, text: { zh, en } })

const hmac = (key: string, message: string) => createHmac('sha256', key).update(message).digest('base64')

/** @see https://developer.work.weixin.qq.com/document/path/99110 */
const wecom: Robot = {
  field: 'errcode',
  request: ({ url }, notice) => ({
    url,
    body: JSON.stringify({ msgtype: 'markdown', markdown: { content: textOf(notice, 4096) } }),
  }),
  errors: {
    45009: {
      waitMs: MINUTE_MS,
      text: { zh: '企业微信：发送太频繁（每分钟 20 条）', en: 'WeCom: too often (20 a minute)' },
    },
    93000: mend(
      '企业微信：地址中的 key 无效，请重新复制机器人的 Webhook 地址',
      'WeCom: the key in the address is not valid; copy the address of the robot again',
    ),
    40058: mend('企业微信：消息格式不被接受', 'WeCom: the form of the message is not taken'),
  },
}

/** @see https://open.dingtalk.com/document/robots/customize-robot-security-settings */
const dingtalk: Robot = {
  field: 'errcode',
  request: ({ url, secret, nowMs }, notice) => {
    const signed = new URL(url)
    if (secret) {
      signed.searchParams.set('timestamp', String(nowMs))
      signed.searchParams.set('sign', hmac(secret, `${nowMs}\n${secret}`))
    }
    const markdown = { title: notice.title, text: textOf(notice, 18_000) }
    const at = { atMobiles: [], atUserIds: [], isAtAll: false }
    return { url: signed.href, body: JSON.stringify({ msgtype: 'markdown', markdown, at }) }
  },
  errors: {
    130101: {
      waitMs: 11 * MINUTE_MS,
      text: { zh: '钉钉：发送太快，已被禁言 10 分钟', en: 'DingTalk: too fast; muted for ten minutes' },
    },
    310000: mend(
      '钉钉：未通过安全设置。请核对加签密钥、自定义关键词「Haoma」或 IP 白名单，以及本机时钟',
      'DingTalk: not let through. Check the signing secret, the keyword "Haoma" or the IP list, and the clock of this machine',
    ),
    300001: mend(
      '钉钉：地址中的 access_token 无效',
      'DingTalk: the access_token in the address is not valid',
    ),
  },
}

/** The key of this signature is the text to be signed, and the message is empty. @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
const feishu: Robot = {
  field: 'code',
  request: ({ url, secret, nowMs }, notice) => {
    const timestamp = String(Math.floor(nowMs / 1000))
    const proof = secret ? { timestamp, sign: hmac(`${timestamp}\n${secret}`, '') } : {}
    const card = {
      header: {
        title: { tag: 'plain_text', content: notice.title },
        template: notice.isGood ? 'green' : 'red',
      },
      elements: [{ tag: 'markdown', content: textOf({ ...notice, title: '' }, 18_000) }],
    }
    return { url, body: JSON.stringify({ ...proof, msg_type: 'interactive', card }) }
  },
  errors: {
    11232: {
      waitMs: 2 * MINUTE_MS,
      text: { zh: '飞书：整点半点繁忙，被限流', en: 'Feishu: limited, busy at the full and half hour' },
    },
    9499: mend('飞书：消息格式不被接受', 'Feishu: the form of the message is not taken'),
    19001: mend('飞书：Webhook 地址无效', 'Feishu: the address is not valid'),
    19021: mend(
      '飞书：签名不符或本机时钟相差超过 1 小时',
      'Feishu: the signature is wrong, or the clock of this machine is off by more than an hour',
    ),
    19022: mend('飞书：本机 IP 不在白名单中', 'Feishu: the IP of this machine is not on its list'),
    19024: mend(
      '飞书：缺少自定义关键词，请把关键词设为「Haoma」',
      'Feishu: its keyword is missing; set the keyword to "Haoma"',
    ),
  },
}

export const robots = { wecom, dingtalk, feishu }
export type RobotKind = keyof typeof robots

const delivered: Verdict = { isDelivered: true, waitMs: 0, text: { zh: '已送达', en: 'Delivered' } }

/** What an answer means: that the status is 200 says nothing. */
export function verdictOf(
  robot: Robot,
  answer: { status: number | null; error: string | null; response: string | null },
): Verdict {
  const failed = (reason: string): Verdict => ({
    isDelivered: false,
    waitMs: MINUTE_MS,
    text: { zh: `没有送达：${reason}`, en: `Not delivered: ${reason}` },
  })
  if (answer.status === null) return failed(answer.error ?? 'no answer')
  if (answer.status !== 200) return failed(`HTTP ${answer.status}`)
  const code = codeOf(answer.response, robot.field)
  if (code === undefined) return failed('an answer that is not of a robot')
  if (code === 0) return delivered
  const known = robot.errors[code]
  return known ? { isDelivered: false, ...known } : failed(`${robot.field} ${code}`)
}

function codeOf(response: string | null, field: Robot['field']): number | undefined {
  // The answer may be cut off behind its first characters, where the code stands.
  const [, code] = new RegExp(`"${field}"\\s*:\\s*(-?\\d+)`).exec(response ?? '') ?? []
  return code === undefined ? undefined : Number(code)
}

/** The text in so many bytes of UTF-8: whole paragraphs, and how many were left out. */
function textOf({ title, paragraphs }: Notice, longestBytes: number): string {
  const head = title === '' ? [] : [`**${title}**`]
  const more = (count: number) => `… +${count}`
  const kept: string[] = []
  for (const paragraph of paragraphs) {
    const left = paragraphs.length - kept.length
    const text = [...head, ...kept, paragraph, more(left)].join('\n\n')
    if (Buffer.byteLength(text) > longestBytes) {
      const first = kept.length === 0 ? [clip(paragraph, longestBytes - 200)] : []
      return [...head, ...kept, ...first, more(left - first.length)].join('\n\n')
    }
    kept.push(paragraph)
  }
  return [...head, ...kept].join('\n\n')
}

const clip = (text: string, bytes: number) =>
  // A character that is cut in two becomes a replacement character, which is taken off.
  Buffer.from(text)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
