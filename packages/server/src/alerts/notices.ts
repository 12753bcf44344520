import type { AlertView, TextPair } from '@haoma/protocol/admin'
import type { Alert, AlertMessage, AlertRule } from '../stores/alert-store.ts'
import type { Told } from './channels.ts'
import { isKind, kinds } from './kinds.ts'

/** An alert as people see it. Of a rule of a newer build only its names are shown. */
export function alertView(alert: Alert, rule: AlertRule | undefined): AlertView {
  const kind = rule && isKind(rule.kind) ? kinds[rule.kind] : undefined
  const said = kind?.describe(alert.data) ?? { zh: alert.cause, en: alert.cause }
  const name = kind?.text ?? { zh: rule?.kind ?? '', en: rule?.kind ?? '' }
  const where = alert.appid === null ? '' : ` · ${alert.appid}`
  return {
    id: alert.id,
    ruleId: alert.ruleId,
    ruleName: rule?.name ?? '',
    kind: (rule?.kind ?? 'job-failing') as AlertView['kind'],
    cause: alert.cause,
    state: alert.state,
    appid: alert.appid,
    text: { zh: `${name.zh}${where}：${said.zh}。`, en: `${name.en}${where}: ${said.en}.` },
    whatToDo: kind?.whatToDo ?? { zh: '', en: '' },
    openedAt: new Date(alert.openedAtMs).toISOString(),
    closedAt: alert.closedAtMs === null ? null : new Date(alert.closedAtMs).toISOString(),
    notifiedAt: alert.notifiedAtMs === null ? null : new Date(alert.notifiedAtMs).toISOString(),
  }
}

export interface NoticeItem {
  message: Pick<AlertMessage, 'id' | 'about'>
  view: AlertView
}

/** The name stands in every message: robots may ask for a keyword. */
const NAME = 'Haoma 号码'

/** Joins what is due to one message. */
export function tellOf(items: readonly NoticeItem[]): Told {
  const opened = items.filter(({ message }) => message.about === 'opened').length
  const over = items.length - opened
  const title: TextPair = {
    zh: [opened > 0 && `${opened} 条告警`, over > 0 && `${over} 条已恢复`].filter(Boolean).join('，'),
    en: [opened > 0 && `${opened} alerts`, over > 0 && `${over} over`].filter(Boolean).join(', '),
  }
  const heads = {
    opened: { zh: '🔴', en: '🔴' },
    closed: { zh: '🟢 已恢复', en: '🟢 Over' },
  }
  return {
    id: items[0]?.message.id ?? '',
    notice: (language) => ({
      title: `${NAME} · ${title[language]}`,
      isGood: opened === 0,
      paragraphs: items.map(({ message, view }) => {
        const line = `${heads[message.about][language]} ${view.text[language]}`
        return message.about === 'closed' ? line : `${line}\n> ${view.whatToDo[language]}`
      }),
    }),
    payload: {
      alerts: items.map(({ message, view }) => ({ ...view, about: message.about })),
    },
  }
}

/** What the button for a test sends. */
export function testOf(id: string, nowMs: number): Told {
  const text: TextPair = {
    zh: '这是一条测试消息，收到说明渠道可用。',
    en: 'This is a test. That you read it means that the channel works.',
  }
  return {
    id,
    notice: (language) => ({ title: `${NAME} · test`, isGood: true, paragraphs: [text[language]] }),
    payload: { isTest: true, at: new Date(nowMs).toISOString(), text },
  }
}
