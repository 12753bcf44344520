import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A message that a robot put into its group. */
export interface Posted {
  robot: 'wecom' | 'dingtalk' | 'feishu'
  text: string
}

/** The robots of three group chats on loopback. They check what the real ones check, and answer 200 to a failure. */
export interface Robots {
  /** Addresses as the group chats give them. */
  wecom: string
  dingtalk: string
  feishu: string
  secrets: { dingtalk: string; feishu: string }
  posted: Posted[]
  /** Answers the next requests with this error of the robot's own. */
  failNext(code: number, count?: number): void
  /** Does not answer the next request. */
  dropNext(): void
  close(): Promise<void>
}

const KEY = 'c0ffee00-0000-4000-8000-000000000001'
const TOKEN = 'd1'.repeat(32)
const HOOK = 'b2c3d4e5-0000-4000-8000-000000000002'
const HOUR_MS = 3_600_000
const secrets = { dingtalk: `SEC${'9a'.repeat(32)}`, feishu: 'Zk3mQ0secretOfFeishu' }
const sign = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64')

/** @param now - The clock of the group chats, Unix time in milliseconds. */
export async function startRobots(now: () => number): Promise<Robots> {
  const posted: Posted[] = []
  const minutes = new Map<string, number[]>()
  let failing: { code: number; count: number } | undefined
  let isDropping = false

  /** Whether this is more than so many within a minute. */
  const isTooOften = (robot: string, most: number) => {
    const recent = (minutes.get(robot) ?? []).filter((atMs) => atMs > now() - 60_000)
    minutes.set(robot, [...recent, now()])
    return recent.length >= most
  }
  const put = (robot: Posted['robot'], text: string) => {
    posted.push({ robot, text })
    return 0
  }
  const isFar = (timestampMs: number) => !(Math.abs(now() - timestampMs) <= HOUR_MS)

  const wecom = (url: URL, body: string): number => {
    if (url.searchParams.get('key') !== KEY) return 93000
    const { msgtype, markdown } = JSON.parse(body)
    if (msgtype !== 'markdown' || Buffer.byteLength(markdown?.content ?? '') > 4096 || !markdown.content)
      return 40058
    return isTooOften('wecom', 20) ? 45009 : put('wecom', markdown.content)
  }
  const dingtalk = (url: URL, body: string): number => {
    if (url.searchParams.get('access_token') !== TOKEN) return 300001
    const timestamp = url.searchParams.get('timestamp') ?? ''
    const good = sign(secrets.dingtalk, `${timestamp}\n${secrets.dingtalk}`)
    if (isFar(Number(timestamp || Number.NaN)) || url.searchParams.get('sign') !== good) return 310000
    const { msgtype, markdown } = JSON.parse(body)
    if (msgtype !== 'markdown' || !markdown?.title || !markdown.text) return 40035
    return isTooOften('dingtalk', 20) ? 130101 : put('dingtalk', markdown.text)
  }
  const feishu = (url: URL, body: string): number => {
    if (!url.pathname.endsWith(HOOK)) return 19001
    if (Buffer.byteLength(body) > 20_480) return 9499
    const { timestamp, sign: shown, msg_type, card } = JSON.parse(body)
    if (typeof timestamp !== 'string' || isFar(Number(timestamp) * 1000)) return 19021
    if (shown !== sign(`${timestamp}\n${secrets.feishu}`, '')) return 19021
    const [element] = card?.elements ?? []
    if (msg_type !== 'interactive' || element?.tag !== 'markdown' || !element.content) return 9499
    return put('feishu', `${card.header.title.content}\n${element.content}`)
  }
  const answer = (request: IncomingMessage, body: string): object => {
    const url = new URL(request.url ?? '/', 'http://robots.test')
    const isFeishu = url.pathname.startsWith('/open-apis/bot/v2/hook/')
    const ask = isFeishu ? feishu : url.pathname === '/robot/send' ? dingtalk : wecom
    if (failing && failing.count > 0) {
      failing.count -= 1
      return isFeishu ? { code: failing.code, msg: 'failed' } : { errcode: failing.code, errmsg: 'failed' }
    }
    const code = ask(url, body)
    return isFeishu
      ? { code, msg: code ? 'failed' : 'success', data: {} }
      : { errcode: code, errmsg: code ? 'failed' : 'ok' }
  }

  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      if (isDropping) {
        isDropping = false
        request.socket.destroy()
        return
      }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer(request, body)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    wecom: `${origin}/cgi-bin/webhook/send?key=${KEY}`,
    dingtalk: `${origin}/robot/send?access_token=${TOKEN}`,
    feishu: `${origin}/open-apis/bot/v2/hook/${HOOK}`,
    secrets,
    posted,
    failNext: (code, count = 1) => {
      failing = { code, count }
    },
    dropNext: () => {
      isDropping = true
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
