import { randomBytes } from 'node:crypto'
import { assembleWebhooks, type WebhookAssembly } from '../../src/assembly/webhooks.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { createUuidV7 } from '../../src/kernel/ids.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { createPhoneVault, type PhoneVault } from '../../src/numbers/vault.ts'
import type { Database } from '../../src/stores/database.ts'
import type { EventType } from '../../src/stores/event-store.ts'
import { openSqliteDatabase } from '../../src/stores/sql/database.ts'
import type { WebhookPolicy } from '../../src/webhooks/webhooks.ts'

export interface WebhookService extends WebhookAssembly {
  db: Database
  vault: PhoneVault
  /** Moves the service's clock. */
  advance(ms: number): void
  now(): number
  /** A member, with a number if it is named. */
  addMember(id: string, e164?: string): Promise<void>
  /** Writes events of a member, each in a transaction of its own; gives their ids. */
  tell(memberId: string | null, ...types: EventType[]): Promise<string[]>
  end(): Promise<void>
}

/** The webhooks of a service that may call loopback, on a database of its own. */
export async function startWebhooks(
  policy: Partial<WebhookPolicy> = {},
  { db, masterKey = randomBytes(32) }: { db?: Database; masterKey?: Buffer } = {},
): Promise<WebhookService> {
  const own = db ?? (await openSqliteDatabase(':memory:'))
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const keyRing = createKeyRing([masterKey])
  const logger = createLogger('silent')
  const vault = createPhoneVault(keyRing, logger)
  const assembly = assembleWebhooks({
    db: own,
    keyRing,
    vault,
    policy: { allowedNetworks: ['127.0.0.0/8'], timeoutMs: 5000, ...policy },
    clock: { now },
    newId: createUuidV7,
    logger,
  })
  return {
    ...assembly,
    db: own,
    vault,
    now,
    advance: (ms) => {
      aheadMs += ms
    },
    addMember: async (id, e164) => {
      await own.members.create({ id, createdAtMs: now() })
      if (!e164) return
      const phone = vault.protect(e164, keyRing.current('phone-index').id)
      const verified = { verifiedBy: 'quick', createdAtMs: now(), verifiedAtMs: now() } as const
      await own.members.addIdentities([
        { provider: 'phone', scope: '*', memberId: id, ...phone, ...verified },
      ])
    },
    tell: async (memberId, ...types) => {
      const ids: string[] = []
      for (const type of types) {
        const id = createUuidV7(now())
        ids.push(id)
        const event = { id, type, appid: 'wx1', memberId, data: { n: ids.length }, createdAtMs: now() }
        await own.transaction(({ events }) => events.add(event))
      }
      return ids
    },
    end: async () => {
      await assembly.close()
      if (!db) await own.close()
    },
  }
}
