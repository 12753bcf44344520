import { type Kysely, sql } from 'kysely'
import type { Alert, AlertChannel, AlertRule, AlertStore } from '../alert-store.ts'
import { forUpdate } from './dialects.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** As their columns hold them: lists and settings are JSON, yes and no are 1 and 0. */
export interface StoredAlertRule
  extends Omit<AlertRule, 'settings' | 'channels' | 'quietHours' | 'isEnabled'> {
  settings: string
  channels: string
  quietHours: string | null
  isEnabled: number
}
export interface StoredAlertChannel extends Omit<AlertChannel, 'isEnabled'> {
  isEnabled: number
}
export interface StoredAlert extends Omit<Alert, 'data'> {
  data: string
}

const ruleColumns = selectionOf(
  'id',
  'name',
  'kind',
  'settings',
  'channels',
  'quietHours',
  'isEnabled',
  'createdAtMs',
  'updatedAtMs',
)
const channelColumns = selectionOf(
  'id',
  'name',
  'kind',
  'configSealed',
  'isEnabled',
  'createdAtMs',
  'sentAtMs',
  'lastError',
)
const alertColumns = selectionOf(
  'id',
  'ruleId',
  'cause',
  'state',
  'appid',
  'data',
  'openedAtMs',
  'seenAtMs',
  'closedAtMs',
  'notifiedAtMs',
)
const messageColumns = selectionOf(
  'id',
  'channelId',
  'alertId',
  'about',
  'state',
  'attempts',
  'nextAtMs',
  'lastError',
  'createdAtMs',
)

/** A fact of the database: its first rules were made. */
const RULES_MADE = 'alert-rules'
/** Facts of what did not open begin so. */
const UNOPENED = 'unopened:'

export function createSqlAlertStore(db: Kysely<Tables>): AlertStore {
  const removeOf = async (alertIds: readonly string[]) => {
    if (alertIds.length === 0) return
    await db
      .deleteFrom('alert_messages')
      .where('alert_id', 'in', [...alertIds])
      .execute()
    await db
      .deleteFrom('alerts')
      .where('id', 'in', [...alertIds])
      .execute()
  }
  return {
    ensureRules: async (rules, nowMs) => {
      const isFirst = await db
        .insertInto('facts')
        .values({ name: RULES_MADE, value: '1', set_at_ms: nowMs })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('name')
        .executeTakeFirst()
      if (!isFirst || rules.length === 0) return
      await db
        .insertInto('alert_rules')
        .values(rules.map((rule) => toRow(storedRule(rule))))
        .execute()
    },
    listRules: async () => {
      const rows = await db
        .selectFrom('alert_rules')
        .select(ruleColumns)
        .orderBy('created_at_ms')
        .orderBy('id')
        .execute()
      return rows.map(readRule)
    },
    addRule: async (rule) => {
      await db
        .insertInto('alert_rules')
        .values(toRow(storedRule(rule)))
        .execute()
    },
    changeRule: async (id, to) => {
      const { settings, channels, quietHours, isEnabled, ...plain } = to
      const change = toRow({
        ...plain,
        ...(settings !== undefined && { settings: JSON.stringify(settings) }),
        ...(channels !== undefined && { channels: JSON.stringify(channels) }),
        ...(quietHours !== undefined && { quietHours: quietHours && JSON.stringify(quietHours) }),
        ...(isEnabled !== undefined && { isEnabled: Number(isEnabled) }),
      })
      const { numUpdatedRows } = await db
        .updateTable('alert_rules')
        .set(change)
        .where('id', '=', id)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    removeRule: async (id) => {
      const alerts = await db.selectFrom('alerts').select('id').where('rule_id', '=', id).execute()
      await removeOf(alerts.map((alert) => alert.id))
      const { numDeletedRows } = await db.deleteFrom('alert_rules').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },

    listChannels: async () => {
      const rows = await db
        .selectFrom('alert_channels')
        .select(channelColumns)
        .orderBy('created_at_ms')
        .orderBy('id')
        .execute()
      return rows.map((row) => ({ ...row, isEnabled: row.isEnabled === 1 }))
    },
    lockChannel: async (id) => {
      const row = await db
        .selectFrom('alert_channels')
        .select(channelColumns)
        .where('id', '=', id)
        .$call(forUpdate(db))
        .executeTakeFirst()
      return row && { ...row, isEnabled: row.isEnabled === 1 }
    },
    addChannel: async (channel) => {
      await db
        .insertInto('alert_channels')
        .values(toRow({ ...channel, isEnabled: Number(channel.isEnabled) }))
        .execute()
    },
    changeChannel: async (id, { isEnabled, ...plain }) => {
      const change = toRow({ ...plain, ...(isEnabled !== undefined && { isEnabled: Number(isEnabled) }) })
      const { numUpdatedRows } = await db
        .updateTable('alert_channels')
        .set(change)
        .where('id', '=', id)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    removeChannel: async (id) => {
      await db.deleteFrom('alert_messages').where('channel_id', '=', id).execute()
      const rules = await db.selectFrom('alert_rules').select(['id', 'channels']).orderBy('id').execute()
      for (const rule of rules) {
        const channels: string[] = JSON.parse(rule.channels)
        if (!channels.includes(id)) continue
        const left = JSON.stringify(channels.filter((channel) => channel !== id))
        await db.updateTable('alert_rules').set({ channels: left }).where('id', '=', rule.id).execute()
      }
      const { numDeletedRows } = await db.deleteFrom('alert_channels').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },

    open: async (alert) => {
      const opened = await db
        .insertInto('alerts')
        .values(toRow({ ...alert, data: JSON.stringify(alert.data) }))
        .onConflict((conflict) =>
          conflict.columns(['rule_id', 'cause']).where('state', '=', sql.lit('open')).doNothing(),
        )
        .returning('id')
        .executeTakeFirst()
      return opened !== undefined
    },
    touch: async (id, { seenAtMs, data }) => {
      await db
        .updateTable('alerts')
        .set({ seen_at_ms: seenAtMs, data: JSON.stringify(data) })
        .where('id', '=', id)
        .execute()
    },
    close: async (id, nowMs) => {
      const { numUpdatedRows } = await db
        .updateTable('alerts')
        .set({ state: 'closed', closed_at_ms: nowMs })
        .where('id', '=', id)
        .where('state', '=', 'open')
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    listOpen: async (ruleId) => {
      const rows = await db
        .selectFrom('alerts')
        .select(alertColumns)
        .where('rule_id', '=', ruleId)
        .where('state', '=', 'open')
        .orderBy('cause')
        .execute()
      return rows.map(readAlert)
    },
    page: async ({ state, before, limit }) => {
      const rows = await db
        .selectFrom('alerts')
        .select(alertColumns)
        .$if(state !== undefined, (query) => query.where('state', '=', state as Alert['state']))
        .$if(before !== undefined, (query) =>
          query.where(sql<boolean>`(opened_at_ms, id) < (${before?.openedAtMs}, ${before?.id})`),
        )
        .orderBy('opened_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(readAlert)
    },
    find: async (ids) => {
      if (ids.length === 0) return []
      const rows = await db
        .selectFrom('alerts')
        .select(alertColumns)
        .where('id', 'in', [...ids])
        .execute()
      return rows.map(readAlert)
    },

    addMessages: async (messages) => {
      if (messages.length === 0) return
      await db
        .insertInto('alert_messages')
        .values(messages.map((message) => toRow(message)))
        .onConflict((conflict) => conflict.columns(['channel_id', 'alert_id', 'about']).doNothing())
        .execute()
    },
    claimDue: async (channelId, { nowMs, leaseMs, limit }) => {
      const due = db
        .selectFrom('alert_messages')
        .select('id')
        .where('channel_id', '=', channelId)
        .where('state', '=', sql.lit('waiting'))
        .where('next_at_ms', '<=', nowMs)
        .orderBy('next_at_ms')
        .limit(limit)
      const claimed = await db
        .updateTable('alert_messages')
        .set({ next_at_ms: nowMs + leaseMs, attempts: sql<number>`attempts + 1` })
        .where('id', 'in', due)
        // Whoever waited for another's claim sees here that it is taken.
        .where('state', '=', 'waiting')
        .where('next_at_ms', '<=', nowMs)
        .returning(messageColumns)
        .execute()
      return claimed.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
    },
    settle: async (ids, { state, nextAtMs, lastError }) => {
      if (ids.length === 0) return
      await db
        .updateTable('alert_messages')
        .set({ state, next_at_ms: nextAtMs, last_error: lastError })
        .where('id', 'in', [...ids])
        .execute()
    },
    markNotified: async (alertIds, nowMs) => {
      if (alertIds.length === 0) return
      await db
        .updateTable('alerts')
        .set({ notified_at_ms: nowMs })
        .where('id', 'in', [...alertIds])
        .where('notified_at_ms', 'is', null)
        .execute()
    },
    noteUnopened: async (name, atMs) => {
      await db
        .insertInto('facts')
        .values({ name: UNOPENED + name, value: '1', set_at_ms: atMs })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ set_at_ms: atMs }))
        .execute()
    },
    listUnopened: async (sinceMs) => {
      const found = await db
        .selectFrom('facts')
        .select('name')
        .where('name', 'like', `${UNOPENED}%`)
        .where('set_at_ms', '>=', sinceMs)
        .orderBy('name')
        .execute()
      return found.map(({ name }) => name.slice(UNOPENED.length))
    },
    removeBefore: async (closedBeforeMs, limit) => {
      const old = await db
        .selectFrom('alerts')
        .select('id')
        .where('state', '=', 'closed')
        .where('closed_at_ms', '<', closedBeforeMs)
        .limit(limit)
        .execute()
      await removeOf(old.map(({ id }) => id))
      return old.length
    },
  }
}

const storedRule = (rule: AlertRule): StoredAlertRule => ({
  ...rule,
  settings: JSON.stringify(rule.settings),
  channels: JSON.stringify(rule.channels),
  quietHours: rule.quietHours && JSON.stringify(rule.quietHours),
  isEnabled: Number(rule.isEnabled),
})
const readRule = (row: StoredAlertRule): AlertRule => ({
  ...row,
  settings: JSON.parse(row.settings),
  channels: JSON.parse(row.channels),
  quietHours: row.quietHours === null ? null : JSON.parse(row.quietHours),
  isEnabled: row.isEnabled === 1,
})
const readAlert = (row: StoredAlert): Alert => ({ ...row, data: JSON.parse(row.data) })
