import type { WeChatBehind } from './start-plan.ts'
import { type Row, table } from './table.ts'

/** Paints text on a terminal that shows colours, and only there. */
export interface Paint {
  green(text: string): string
  yellow(text: string): string
}

export function createPaint(hasColors: boolean): Paint {
  const paint = (code: number) => (text: string) => (hasColors ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { green: paint(32), yellow: paint(33) }
}

const wechatLines: Record<WeChatBehind, { mark: keyof Paint; zh: string; en: string }> = {
  wechat: {
    mark: 'green',
    zh: '真实微信，使用 HAOMA_APPS 和数据库中的小程序',
    en: 'the real WeChat, for the apps in HAOMA_APPS and the database',
  },
  simulator: {
    mark: 'yellow',
    zh: '模拟的微信：任何人都能以任何身份登录，只用于开发',
    en: 'a simulated WeChat: anybody can be anybody, for development only',
  },
  none: {
    mark: 'yellow',
    zh: '还没有小程序，登录都会被拒绝：请运行 haoma app add APPID，或在 .env 里设置 HAOMA_APPS=appid:secret 后重新启动',
    en: 'no app yet, so every login is refused: run haoma app add APPID, or set HAOMA_APPS=appid:secret in .env and start again',
  },
}

export interface BannerFacts {
  seconds: string
  rows: readonly Row[]
  wechat: WeChatBehind
  /** Where the members are, without a password. */
  database: string
  isDatabaseNew: boolean
  /** What is not well yet, each with what to do. */
  troubles: readonly { zh: string; en: string }[]
}

/** What a person reads when everything is up: where, which WeChat, which database, and what is wrong. */
export function banner(facts: BannerFacts, paint: Paint): string {
  const { mark, zh, en } = wechatLines[facts.wechat]
  const database = facts.isDatabaseNew
    ? [
        paint.yellow(`数据库：${facts.database}（新建，还没有会员）`),
        `Database: ${facts.database}, new, with no members`,
      ]
    : [`数据库：${facts.database}`, `Database: ${facts.database}`]
  const lines = [
    `号码 Haoma 已启动 · is up (${facts.seconds} s)`,
    '',
    ...table(facts.rows)
      .split('\n')
      .map((line) => line.slice(2)),
    '',
    paint[mark](`● ${zh}`),
    `  ${en}`,
    `● ${database[0]}`,
    `  ${database[1]}`,
    ...facts.troubles.flatMap((trouble) => [paint.yellow(`✗ ${trouble.zh}`), `  ${trouble.en}`]),
    '',
    'Ctrl-C 停止 · stops everything',
  ]
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`
}
