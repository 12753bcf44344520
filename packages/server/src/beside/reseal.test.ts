import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSavedFilters } from '../admin/saved-filters.ts'
import { createSecondFactor } from '../admin/second-factor.ts'
import { createAdminSecrets } from '../admin/secrets.ts'
import { createChannelPosts } from '../alerts/channels.ts'
import { createAppSecretBox } from '../apps/app-secrets.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { systemClock } from '../kernel/clock.ts'
import { createLogger } from '../kernel/logger.ts'
import { loadSigningKeys } from '../sessions/signing-keys.ts'
import type { Database } from '../stores/database.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { createWebhookSecrets } from '../webhooks/secrets.ts'
import { listFormerCredentials } from './former-digests.ts'
import { resealAll } from './reseal.ts'

const [oldKey, newKey, lostKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const appSecret = '0123456789abcdef0123456789abcdef'
const logger = createLogger('silent')
const clock = systemClock
const both = createKeyRing([newKey, oldKey])

let db: Database
beforeEach(async () => {
  db = await openSqliteDatabase(':memory:')
})
afterEach(() => db.close())

/** The rooms that seal, as a process with these keys has them. */
const roomsOf = (...keys: Buffer[]) => {
  const keyRing = createKeyRing(keys)
  return {
    signingKeys: () => loadSigningKeys({ db, keyRing, clock, logger, alg: 'ES256' }),
    apps: createAppSecretBox(keyRing, logger),
    factor: createSecondFactor({ keyRing, secrets: createAdminSecrets(keyRing), clock }),
    filters: createSavedFilters({ db, keyRing, clock }),
    webhooks: createWebhookSecrets(keyRing),
    channels: createChannelPosts({ keyRing, sender: undefined as never }),
  }
}
const addApp = (appid: string, secretSealed: string | null) =>
  db.apps.add({
    appid,
    kind: 'mp-weixin',
    name: appid,
    secretSealed,
    settings: '{}',
    isEnabled: true,
    createdAtMs: 1,
    updatedAtMs: 1,
  })
const sealedApp = async (appid: string) =>
  (await db.apps.list()).find((app) => app.appid === appid)?.secretSealed ?? null

describe('sealing anew', () => {
  it('moves whatever is sealed to the new master key, so that the old one may go', async () => {
    const before = roomsOf(oldKey)
    await before.signingKeys()
    await addApp('wx1', before.apps.seal('wx1', { appSecret }))
    await addApp('wx2', null)
    const admin = {
      id: 'a1',
      username: 'li',
      role: 'owner' as const,
      passwordHash: 'h',
      totpSealed: before.factor.create({ id: 'a1', username: 'li' }).sealed,
      totpPendingSealed: null,
      totpStep: 1,
      recoveryDigests: [],
      createdAtMs: 1,
      seenAtMs: null,
      disabledAtMs: null,
    }
    await db.admins.add(admin)
    await db.admins.add({ ...admin, id: 'a2', username: 'an', totpSealed: null })
    const filter = { e164: '+8613800138000' }
    const saved = await before.filters.save('a1', { page: 'logins', name: 'vip', filter } as never)
    await db.webhooks.addEndpoint({
      id: 'e1',
      url: 'https://shop.example/hook',
      description: '',
      events: ['*'],
      appids: null,
      secretsSealed: before.webhooks.create('e1', 1).sealed,
      withNumber: false,
      isEnabled: true,
      disabledReason: null,
      failingSinceMs: null,
      fromPosition: 0,
      createdAtMs: 1,
      updatedAtMs: 1,
    })
    const config = { url: 'https://robot.example/?key=k', language: 'zh' as const }
    await db.alerts.addChannel({
      id: 'c1',
      name: '群',
      kind: 'wecom',
      configSealed: before.channels.seal('c1', config),
      isEnabled: true,
      createdAtMs: 1,
      sentAtMs: null,
      lastError: null,
    })

    expect(await resealAll({ db, keyRing: both })).toEqual({ done: 6, stuck: 0 })
    expect(await resealAll({ db, keyRing: both })).toEqual({ done: 0, stuck: 0 })

    const after = roomsOf(newKey)
    await after.signingKeys()
    expect(after.apps.open('wx1', await sealedApp('wx1'))).toEqual({ appSecret })
    expect(await sealedApp('wx2')).toBeNull()
    const { totpSealed } = (await db.admins.find('a1')) ?? {}
    expect(() => after.factor.stepOf('a1', totpSealed ?? '', '000000')).not.toThrow()
    expect(await after.filters.find('a1', saved.id)).toMatchObject({ filter })
    const [endpoint] = await db.webhooks.listEndpoints()
    const message = { id: 'm', body: '{}', nowMs: 1 }
    expect(after.webhooks.sign(endpoint as never, message)).toHaveProperty('webhook-signature')
    const [channel] = await db.alerts.listChannels()
    expect(after.channels.open(channel as never)).toEqual(config)
  })

  it('leaves what opens with no key as it is, and goes on', async () => {
    const unreadable = roomsOf(lostKey).apps.seal('wx1', { appSecret })
    await addApp('wx1', unreadable)
    await addApp('wx2', roomsOf(oldKey).apps.seal('wx2', { appSecret }))
    expect(await resealAll({ db, keyRing: both })).toEqual({ done: 1, stuck: 1 })
    expect(await sealedApp('wx1')).toBe(unreadable)
    expect(roomsOf(newKey).apps.open('wx2', await sealedApp('wx2'))).toEqual({ appSecret })
  })
})

describe('credentials of which only a digest is stored', () => {
  it('are named while an older key is all that knows them', async () => {
    const nowMs = 1000
    const [current, former] = both.all('client-secret').map(({ id }) => id)
    const client = {
      name: 'shop',
      scopes: ['token'],
      appids: null,
      ips: null,
      gatewayPaths: [],
      tokenMarginS: 0,
      limits: null,
      createdAtMs: 1,
      seenAtMs: null,
      revokedAtMs: null,
    }
    const secret = { hint: '', createdAtMs: 1, expiresAtMs: null, revokedAtMs: null }
    for (const id of ['old', 'rotated', 'new']) await db.clients.add({ ...client, id })
    await db.clients.addSecret({ ...secret, clientId: 'old', digest: `${former}.1` })
    await db.clients.addSecret({ ...secret, clientId: 'rotated', digest: `${former}.2`, expiresAtMs: nowMs })
    await db.clients.addSecret({ ...secret, clientId: 'rotated', digest: `${current}.3` })
    await db.clients.addSecret({ ...secret, clientId: 'new', digest: `${current}.4` })
    const [currentAdmin, formerAdmin] = both.all('admin-secret').map(({ id }) => id)
    const apiKey = {
      hint: '',
      scopes: [],
      createdBy: 'a1',
      createdAtMs: 1,
      seenAtMs: null,
      expiresAtMs: null,
    }
    for (const [name, keyId, revokedAtMs] of [
      ['cron', formerAdmin, null],
      ['gone', formerAdmin, 1],
      ['metrics', currentAdmin, null],
    ] as const) {
      await db.apiKeys.add({ ...apiKey, id: name, name, digest: `${keyId}.${name}`, revokedAtMs })
    }
    expect(await listFormerCredentials({ db, keyRing: both }, nowMs)).toEqual({
      clients: ['old'],
      apiKeys: ['cron'],
    })
  })
})
