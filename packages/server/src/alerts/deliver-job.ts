import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { AlertChannel, AlertMessage } from '../stores/alert-store.ts'
import type { Database } from '../stores/database.ts'
import type { ChannelPosts } from './channels.ts'
import { alertView, tellOf } from './notices.ts'

export interface DeliverAlertsParts {
  db: Database
  posts: ChannelPosts
  clock: Clock
}

const LOOK_MS = 15_000
/** One message a minute is within the limits of every robot, so what is due meanwhile is joined. */
const APART_MS = 60_000
const LEASE_MS = 120_000
const AT_ONCE = 100
const MOST_TRIES = 12
const LONGEST_WAIT_MS = 60 * 60_000

/** Tells channels what is due, each at most once a minute, in one message. */
export function createDeliverAlertsJob({ db, posts, clock }: DeliverAlertsParts): Job {
  const deliver = async (channel: AlertChannel): Promise<void> => {
    const startedAtMs = clock.now()
    if (channel.sentAtMs !== null && startedAtMs - channel.sentAtMs < APART_MS) return
    const due = { nowMs: startedAtMs, leaseMs: LEASE_MS, limit: AT_ONCE }
    const messages = await db.alerts.claimDue(channel.id, due)
    if (messages.length === 0) return
    const items = await itemsOf(messages)
    const ids = messages.map(({ id }) => id)
    if (items.length === 0) {
      // The rule was removed meanwhile.
      await db.alerts.settle(ids, { state: 'dead', nextAtMs: startedAtMs, lastError: null })
      return
    }
    const verdict = await posts.post(channel, tellOf(items), clock.now())
    const nowMs = clock.now()
    if (verdict.isDelivered) {
      await db.transaction(async ({ alerts }) => {
        await alerts.settle(ids, { state: 'sent', nextAtMs: nowMs, lastError: null })
        await alerts.markNotified([...new Set(messages.map(({ alertId }) => alertId))], nowMs)
        await alerts.changeChannel(channel.id, { sentAtMs: nowMs, lastError: null })
      })
      return
    }
    await putOff(channel, messages, { ...verdict, nowMs })
  }

  const putOff = async (
    channel: AlertChannel,
    messages: readonly AlertMessage[],
    { waitMs, text, nowMs }: { waitMs: number; text: { zh: string; en: string }; nowMs: number },
  ): Promise<void> => {
    const lastError = `${text.zh} / ${text.en}`
    await db.transaction(async ({ alerts }) => {
      for (const { id, attempts } of messages) {
        const isOver = attempts >= MOST_TRIES
        const growing = Math.min(waitMs * 2 ** Math.min(attempts - 1, 8), Math.max(waitMs, LONGEST_WAIT_MS))
        await alerts.settle([id], {
          state: isOver ? 'dead' : 'waiting',
          nextAtMs: nowMs + growing,
          lastError,
        })
      }
      await alerts.changeChannel(channel.id, { lastError })
    })
  }

  const itemsOf = async (messages: readonly AlertMessage[]) => {
    const [rules, alerts] = await Promise.all([
      db.alerts.listRules(),
      db.alerts.find(messages.map(({ alertId }) => alertId)),
    ])
    return messages.flatMap((message) => {
      const alert = alerts.find(({ id }) => id === message.alertId)
      return alert
        ? [
            {
              message,
              view: alertView(
                alert,
                rules.find(({ id }) => id === alert.ruleId),
              ),
            },
          ]
        : []
    })
  }

  return {
    name: 'alert-messages',
    everyMs: LOOK_MS,
    run: async ({ signal }) => {
      const channels = await db.alerts.listChannels()
      for (const channel of channels) {
        if (signal.aborted) return undefined
        // One that is off keeps what waits for it.
        if (channel.isEnabled) await deliver(channel)
      }
      return undefined
    },
  }
}
