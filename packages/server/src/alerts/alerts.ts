import type { AlertView } from '@haoma/protocol/admin'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Alert, AlertChannel, AlertRule } from '../stores/alert-store.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { ChannelConfig, ChannelKind, ChannelPosts } from './channels.ts'
import { isKind } from './kinds.ts'
import { alertView, testOf } from './notices.ts'
import type { Verdict } from './robots.ts'

export type RuleSettings = Pick<
  AlertRule,
  'name' | 'kind' | 'settings' | 'channels' | 'quietHours' | 'isEnabled'
>

export interface NewChannel extends Omit<ChannelConfig, 'language'> {
  name: string
  kind: ChannelKind
  /** Default is `zh`. */
  language?: ChannelConfig['language'] | undefined
  isEnabled?: boolean | undefined
}
/** What is not named stays. */
export type ChannelEdit = { [Name in keyof Omit<NewChannel, 'kind'>]?: NewChannel[Name] | undefined }

export interface ChannelView extends Omit<AlertChannel, 'configSealed'> {
  /** Host of the address, and its last characters. */
  hint: string
}

/** What administrators do with alerts. Everything that changes something is audited. */
export interface Alerts {
  page(of: {
    state?: Alert['state'] | undefined
    before?: { openedAtMs: number; id: string } | undefined
    limit: number
  }): Promise<{ alert: Alert; view: AlertView }[]>

  listRules(): Promise<AlertRule[]>
  /** @throws {TypeError} When there is no such kind or channel; the message is for people. */
  addRule(rule: RuleSettings, actor: Actor): Promise<AlertRule>
  /** Below, `undefined` and false are for what is not there. */
  /** @throws {TypeError} As above. */
  changeRule(id: string, to: Partial<RuleSettings>, actor: Actor): Promise<AlertRule | undefined>
  removeRule(id: string, actor: Actor): Promise<boolean>

  listChannels(): Promise<ChannelView[]>
  /** @throws {TypeError} When the address or the secret can be none; the message is for people. */
  addChannel(channel: NewChannel, actor: Actor): Promise<ChannelView>
  /** @throws {TypeError} As above. */
  changeChannel(id: string, to: ChannelEdit, actor: Actor): Promise<ChannelView | undefined>
  removeChannel(id: string, actor: Actor): Promise<boolean>
  /** Sends a message now, whether the channel is on or off. */
  testChannel(id: string, actor: Actor): Promise<Verdict | undefined>
}

export interface AlertsParts {
  db: Database
  posts: ChannelPosts
  clock: Clock
  newId: NewId
}

export function createAlerts({ db, posts, clock, newId }: AlertsParts): Alerts {
  const audited = (stores: Stores, actor: Actor, action: string, target: { kind: string; id: string }) =>
    stores.audit.add([auditEntry(actor, { action, target }, { newId, nowMs: clock.now() })])
  const ofRule = (id: string) => ({ kind: 'alert-rule', id })
  const ofChannel = (id: string) => ({ kind: 'alert-channel', id })
  const findRule = async (id: string) => (await db.alerts.listRules()).find((rule) => rule.id === id)
  const findChannel = async (id: string) =>
    (await db.alerts.listChannels()).find((channel) => channel.id === id)

  const checkChannels = async (ids: readonly string[]) => {
    const known = await db.alerts.listChannels()
    if (ids.every((id) => known.some((channel) => channel.id === id))) return
    throw new TypeError('没有这个渠道 / There is no such channel')
  }

  const viewOf = ({ configSealed, ...channel }: AlertChannel): ChannelView => {
    const config = posts.open({ id: channel.id, configSealed })
    return { ...channel, hint: config ? hintOf(config.url) : '?' }
  }

  return {
    page: async (filter) => {
      const [rules, alerts] = await Promise.all([db.alerts.listRules(), db.alerts.page(filter)])
      return alerts.map((alert) => ({
        alert,
        view: alertView(
          alert,
          rules.find(({ id }) => id === alert.ruleId),
        ),
      }))
    },

    listRules: () => db.alerts.listRules(),
    addRule: async (settings, actor) => {
      const nowMs = clock.now()
      await checkChannels(settings.channels)
      if (!isKind(settings.kind)) throw new TypeError('没有这种告警 / There is no such kind of alert')
      const rule = { ...settings, id: newId(nowMs), createdAtMs: nowMs, updatedAtMs: nowMs }
      await db.transaction(async (stores) => {
        await stores.alerts.addRule(rule)
        await audited(stores, actor, 'alert-rule.create', ofRule(rule.id))
      })
      return rule
    },
    changeRule: async (id, to, actor) => {
      await checkChannels(to.channels ?? [])
      const isThere = await db.transaction(async (stores) => {
        if (!(await stores.alerts.changeRule(id, { ...to, updatedAtMs: clock.now() }))) return false
        await audited(stores, actor, 'alert-rule.update', ofRule(id))
        return true
      })
      return isThere ? findRule(id) : undefined
    },
    removeRule: (id, actor) =>
      db.transaction(async (stores) => {
        if (!(await stores.alerts.removeRule(id))) return false
        await audited(stores, actor, 'alert-rule.remove', ofRule(id))
        return true
      }),

    listChannels: async () => (await db.alerts.listChannels()).map(viewOf),
    addChannel: async ({ name, kind, url, secret, language = 'zh', isEnabled = true }, actor) => {
      checkConfig(kind, { url, secret })
      const nowMs = clock.now()
      const id = newId(nowMs)
      const channel: AlertChannel = {
        id,
        name,
        kind,
        configSealed: posts.seal(id, { url, secret, language }),
        isEnabled,
        createdAtMs: nowMs,
        sentAtMs: null,
        lastError: null,
      }
      await db.transaction(async (stores) => {
        await stores.alerts.addChannel(channel)
        await audited(stores, actor, 'alert-channel.create', ofChannel(id))
      })
      return viewOf(channel)
    },
    changeChannel: async (id, { name, isEnabled, ...config }, actor) => {
      const channel = await findChannel(id)
      if (!channel) return undefined
      const before = posts.open(channel)
      const { url = before?.url, secret = before?.secret, language = before?.language ?? 'zh' } = config
      if (url === undefined) throw new TypeError('请重新填写地址 / Enter the address again')
      checkConfig(channel.kind as ChannelKind, { url, secret })
      const isNew = Object.values(config).some((value) => value !== undefined)
      const to = {
        ...(name !== undefined && { name }),
        ...(isEnabled !== undefined && { isEnabled }),
        ...(isNew && { configSealed: posts.seal(id, { url, secret, language }), lastError: null }),
      }
      await db.transaction(async (stores) => {
        await stores.alerts.changeChannel(id, to)
        await audited(stores, actor, 'alert-channel.update', ofChannel(id))
      })
      return viewOf({ ...channel, ...to })
    },
    removeChannel: (id, actor) =>
      db.transaction(async (stores) => {
        if (!(await stores.alerts.removeChannel(id))) return false
        await audited(stores, actor, 'alert-channel.remove', ofChannel(id))
        return true
      }),
    testChannel: async (id, actor) => {
      const channel = await findChannel(id)
      if (!channel) return undefined
      await audited(db, actor, 'alert-channel.test', ofChannel(id))
      const nowMs = clock.now()
      const verdict = await posts.post(channel, testOf(newId(nowMs), nowMs), nowMs)
      const lastError = verdict.isDelivered ? null : `${verdict.text.zh} / ${verdict.text.en}`
      await db.alerts.changeChannel(id, { lastError })
      return verdict
    },
  }
}

function checkConfig(kind: ChannelKind, { url, secret }: { url: string; secret: string | undefined }): void {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new TypeError('地址应以 https:// 开头 / The address must begin with https://')
  }
  if (kind !== 'webhook') return
  if (!/^whsec_[A-Za-z0-9+/=]{32,}$/.test(secret ?? '')) {
    throw new TypeError(
      'webhook 需要签名密钥：whsec_ 加 base64 / A webhook needs a secret to sign with: whsec_ and base64',
    )
  }
}

/** The end of an address tells two robots apart, and opens nothing. */
function hintOf(url: string): string {
  const { host, href } = new URL(url)
  return `${host} …${href.slice(-4)}`
}
