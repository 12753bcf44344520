import type { AlertKind } from '@haoma/protocol/admin'
import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Alert, AlertMessage, AlertRule } from '../stores/alert-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import { defaultRules } from './default-rules.ts'
import type { Asked, Finding } from './kind.ts'
import { isKind, kinds } from './kinds.ts'
import { afterQuietHours } from './quiet-hours.ts'
import type { Readings } from './readings.ts'

export interface EvaluateParts {
  db: Database
  readings: Readings
  clock: Clock
  newId: NewId
  logger: Logger
}

const EVERY_MS = 60_000
/** What is not found for so long is over: a value at its threshold does not ring again and again. */
const OVER_AFTER_MS = 5 * 60_000
const KEPT_MS = 90 * 86_400_000
const STEP = 200

/** Told to webhooks by the room that switched the endpoint off. */
const toldElsewhere: readonly AlertKind[] = ['webhook-disabled']

/**
 * Looks whether something is wrong by any rule. Of one cause there is one open alert, however many processes look, and
 * it is told once; when the cause has been gone for a while it is closed, told as over, and may be found again.
 */
export function createEvaluateJob(parts: EvaluateParts): Job {
  const { db, readings, clock, newId, logger } = parts

  const evaluate = async (rule: AlertRule): Promise<void> => {
    if (!isKind(rule.kind)) return
    const kind = kinds[rule.kind]
    const asked: Asked = {
      ...rule.settings,
      threshold: rule.settings.threshold ?? kind.threshold,
      windowS: rule.settings.windowS ?? kind.windowS,
      minEntries: rule.settings.minEntries ?? kind.minEntries,
    }
    const found = rule.isEnabled ? await kind.look(readings, asked, clock.now()) : []
    await db.transaction((stores) => reconcile(stores, rule, found))
  }

  const reconcile = async (stores: Stores, rule: AlertRule, found: readonly Finding[]): Promise<void> => {
    const nowMs = clock.now()
    const open = await stores.alerts.listOpen(rule.id)
    for (const finding of found) {
      const known = open.find(({ cause }) => cause === finding.cause)
      if (known) await stores.alerts.touch(known.id, { seenAtMs: nowMs, data: finding.data })
      else await begin(stores, rule, finding, nowMs)
    }
    for (const alert of open) {
      if (found.some(({ cause }) => cause === alert.cause)) continue
      const isOver = !rule.isEnabled || nowMs - alert.seenAtMs >= OVER_AFTER_MS
      if (isOver && (await stores.alerts.close(alert.id, nowMs))) {
        await tell(stores, { rule, alert, about: 'closed', nowMs })
      }
    }
  }

  const begin = async (stores: Stores, rule: AlertRule, finding: Finding, nowMs: number): Promise<void> => {
    const { cause, appid, data } = finding
    const times = { openedAtMs: nowMs, seenAtMs: nowMs, closedAtMs: null, notifiedAtMs: null }
    const alert: Alert = { id: newId(nowMs), ruleId: rule.id, cause, state: 'open', appid, data, ...times }
    if (await stores.alerts.open(alert)) await tell(stores, { rule, alert, about: 'opened', nowMs })
  }

  /** Puts it on its way to the channels of the rule and to webhooks. */
  const tell = async (
    stores: Stores,
    {
      rule,
      alert,
      about,
      nowMs,
    }: { rule: AlertRule; alert: Alert; about: AlertMessage['about']; nowMs: number },
  ): Promise<void> => {
    const channels = await stores.alerts.listChannels()
    const meant = channels.filter(
      ({ id, isEnabled }) => isEnabled && (rule.channels.length === 0 || rule.channels.includes(id)),
    )
    await stores.alerts.addMessages(
      meant.map(({ id }) => ({
        id: newId(nowMs),
        channelId: id,
        alertId: alert.id,
        about,
        state: 'waiting',
        attempts: 0,
        nextAtMs: afterQuietHours(nowMs, rule.quietHours),
        lastError: null,
        createdAtMs: nowMs,
      })),
    )
    if (toldElsewhere.includes(rule.kind as AlertKind)) return
    const { id, cause, appid, data, openedAtMs } = alert
    await stores.events.add({
      id: newId(nowMs),
      type: `alert.${rule.kind}`,
      appid,
      memberId: null,
      data: {
        alertId: id,
        rule: rule.name,
        cause,
        state: about,
        openedAt: new Date(openedAtMs).toISOString(),
        ...data,
      },
      createdAtMs: nowMs,
    })
  }

  return {
    name: 'alerts',
    everyMs: EVERY_MS,
    run: async ({ signal }) => {
      await db.transaction(({ alerts }) => alerts.ensureRules(defaultRules(newId, clock.now()), clock.now()))
      let failure: unknown
      for (const rule of await db.alerts.listRules()) {
        if (signal.aborted) return undefined
        try {
          await evaluate(rule)
        } catch (err) {
          // What cannot be looked at is neither wrong nor over.
          failure ??= err
          logger.warn({ err, rule: rule.id, kind: rule.kind }, 'a rule could not be looked at')
        }
      }
      while ((await db.alerts.removeBefore(clock.now() - KEPT_MS, STEP)) === STEP) {}
      if (failure !== undefined) throw new Error('some rules could not be looked at', { cause: failure })
      return undefined
    },
  }
}
