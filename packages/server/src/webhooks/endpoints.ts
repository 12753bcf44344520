import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { WebhookEndpoint } from '../stores/webhook-store.ts'
import { eventPatterns, isEventPattern } from './event-filter.ts'
import { placeEvents } from './fan-out.ts'
import type { WebhookSecrets } from './secrets.ts'

/** How long the former secret works beside a new one, in seconds: a day. */
const OVERLAP_S = 86_400
const AT_ONCE = 200

/** What an endpoint is told about. */
export interface EndpointSettings {
  /** `https://…`; `http://…` for networks that are allowed by name. */
  url: string
  /** For people. Default is empty. */
  description?: string | undefined
  /** Event types: names, `phone.*` for a family, `*`. Default is all. */
  events?: readonly string[] | undefined
  /** Apps. Default, and `null`, is all, also those added later. */
  appids?: readonly string[] | null | undefined
  /** Whether it gets full numbers; each is written into the audit. Default is masked ones only. */
  withNumber?: boolean | undefined
}

/** What is left out, or `undefined`, stays. */
type Change<T> = { [Name in keyof T]?: T[Name] | undefined }

/** An endpoint as people see it. */
export type EndpointView = Omit<WebhookEndpoint, 'secretsSealed' | 'fromPosition'>

/** Shown once: it is stored encrypted and never shown again. */
export interface EndpointSecret {
  endpointId: string
  /** `whsec_…`, as libraries of Standard Webhooks take it. */
  secret: string
}

export interface WebhookEndpoints {
  /**
   * Makes an endpoint, which is told of everything from now on.
   *
   * @throws {TypeError} When the settings make no sense; the message is for people, in Chinese and English.
   */
  create(settings: EndpointSettings): Promise<EndpointSecret>
  list(): Promise<EndpointView[]>
  /** Changes what is named. Everything below gives `undefined` or false when there is no such endpoint. */
  update(id: string, settings: Change<EndpointSettings>): Promise<EndpointView | undefined>
  /**
   * Gives a new secret. Messages carry a signature of the one before too, for `overlapS` seconds more (a day by
   * default); an older one ends now.
   */
  rotate(id: string, options?: { overlapS?: number | undefined }): Promise<EndpointSecret | undefined>
  /** Sends again, from what was held; also ends the pauses of an endpoint that is on and failing. */
  enable(id: string): Promise<boolean>
  /** Sends nothing more; what happens meanwhile is held, for as long as deliveries are kept. */
  disable(id: string): Promise<boolean>
  /** Takes the endpoint away with its deliveries, those that wait included. One that was interrupted may be begun again. */
  remove(id: string): Promise<boolean>
}

export interface WebhookEndpointsParts {
  db: Database
  secrets: WebhookSecrets
  clock: Clock
  newId: NewId
  /** Who changes endpoints, for the audit. */
  actor: Actor
}

export function createWebhookEndpoints(parts: WebhookEndpointsParts): WebhookEndpoints {
  const { db, secrets, clock, newId, actor } = parts

  const audit = (stores: Stores, action: string, id: string, details: Record<string, unknown> | null) => {
    const done = {
      action: `webhook.${action}`,
      target: { kind: 'webhook', id },
      details: details ?? undefined,
    }
    return stores.audit.add([auditEntry(actor, done, { newId, nowMs: clock.now() })])
  }
  /** Changes an endpoint that others cannot change meanwhile, with its line in the audit. */
  const change = <T>(
    id: string,
    action: string,
    details: Record<string, unknown> | null,
    work: (stores: Stores, endpoint: WebhookEndpoint) => Promise<T>,
  ): Promise<T | undefined> =>
    db.transaction(async (stores) => {
      const endpoint = await stores.webhooks.lockEndpoint(id)
      if (!endpoint) return undefined
      await audit(stores, action, id, details)
      return work(stores, endpoint)
    })

  return {
    create: async (settings) => {
      checkSettings(settings)
      await placeEvents(db)
      const nowMs = clock.now()
      const id = newId(nowMs)
      const { secret, sealed } = secrets.create(id, nowMs)
      const endpoint = {
        id,
        url: settings.url,
        description: settings.description?.trim() ?? '',
        events: settings.events ?? ['*'],
        appids: settings.appids ?? null,
        withNumber: settings.withNumber ?? false,
        isEnabled: true,
        disabledReason: null,
        failingSinceMs: null,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      }
      await db.transaction(async (stores) => {
        const fromPosition = await stores.webhooks.lastPosition()
        await stores.webhooks.addEndpoint({ ...endpoint, secretsSealed: sealed, fromPosition })
        await audit(stores, 'create', id, detailsOf(endpoint))
      })
      return { endpointId: id, secret }
    },
    list: async () => (await db.webhooks.listEndpoints()).map(toView),
    update: async (id, settings) => {
      checkSettings(settings)
      const named = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
      return change(id, 'update', detailsOf(named), async ({ webhooks }, endpoint) => {
        const changed = { ...named, updatedAtMs: clock.now() }
        await webhooks.changeEndpoint(id, changed)
        return toView({ ...endpoint, ...changed })
      })
    },
    rotate: (id, { overlapS = OVERLAP_S } = {}) =>
      change(id, 'rotate', { overlapS }, async ({ webhooks }, endpoint) => {
        const nowMs = clock.now()
        const { secret, sealed } = secrets.rotate(endpoint, { nowMs, overlapMs: overlapS * 1000 })
        await webhooks.changeEndpoint(id, { secretsSealed: sealed, updatedAtMs: nowMs })
        return { endpointId: id, secret }
      }),
    enable: async (id) => {
      const isDone = await change(id, 'enable', null, async ({ webhooks }) => {
        const nowMs = clock.now()
        const on = { isEnabled: true, disabledReason: null, failingSinceMs: null }
        await webhooks.changeEndpoint(id, { ...on, updatedAtMs: nowMs })
        await webhooks.moveDeliveries(id, { from: 'held', to: 'pending', nowMs })
        await webhooks.moveDeliveries(id, { from: 'pending', to: 'pending', nowMs })
        return true
      })
      return isDone ?? false
    },
    disable: async (id) => {
      const isDone = await change(id, 'disable', null, async ({ webhooks }) => {
        const nowMs = clock.now()
        const off = { isEnabled: false, disabledReason: 'by-hand', updatedAtMs: nowMs } as const
        await webhooks.changeEndpoint(id, off)
        await webhooks.moveDeliveries(id, { from: 'pending', to: 'held', nowMs })
        return true
      })
      return isDone ?? false
    },
    remove: async (id) => {
      const off = { isEnabled: false, disabledReason: 'by-hand', updatedAtMs: clock.now() } as const
      await db.webhooks.changeEndpoint(id, off)
      // Some at a time: what is being sent is not held up by what is taken away.
      while ((await db.webhooks.forgetOf(id, AT_ONCE)) > 0) {}
      const isDone = await change(id, 'remove', null, async ({ webhooks }) => {
        // With the endpoint locked nothing is added any more.
        while ((await webhooks.forgetOf(id, AT_ONCE)) > 0) {}
        await webhooks.removeEndpoint(id)
        return true
      })
      return isDone ?? false
    },
  }
}

function toView({ secretsSealed: _, fromPosition: __, ...view }: WebhookEndpoint): EndpointView {
  return view
}

/** What the audit keeps: of an address its host only, as the rest may be a secret. */
function detailsOf({ url, ...details }: Change<EndpointSettings>): Record<string, unknown> {
  return { ...details, ...(url !== undefined && { host: new URL(url).host }) }
}

const MOST_TEXT = 2000

function checkSettings({ url, description, events, appids }: Change<EndpointSettings>): void {
  if (url !== undefined && !isWebAddress(url)) {
    throw new TypeError(
      'url 应为 https:// 地址，不带用户名和 # / url must be an https:// address, without a user name or #',
    )
  }
  if (description !== undefined && description.length > MOST_TEXT) {
    throw new TypeError(
      `description 最多 ${MOST_TEXT} 个字符 / description has at most ${MOST_TEXT} characters`,
    )
  }
  const unknown = events?.find((pattern) => !isEventPattern(pattern))
  if (unknown !== undefined || events?.length === 0) {
    const known = eventPatterns.join(', ')
    throw new TypeError(
      `没有这样的事件（${unknown ?? ''}），可用 / there is no such event (${unknown ?? ''}); there are: ${known}`,
    )
  }
  if (appids?.length === 0) {
    throw new TypeError('appids 至少一个，null 为全部 / appids names at least one app; null is all of them')
  }
}

function isWebAddress(text: string): boolean {
  if (text.length > MOST_TEXT || !URL.canParse(text)) return false
  const { protocol, username, password, hash } = new URL(text)
  return ['https:', 'http:'].includes(protocol) && username === '' && password === '' && hash === ''
}
