import { assembleWebhooks } from '../../src/assembly/webhooks.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { createUuidV7 } from '../../src/kernel/ids.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { createPhoneVault } from '../../src/numbers/vault.ts'
import { openPostgresDatabase, openSqliteDatabase } from '../../src/stores/sql/database.ts'

/** A process of the service that does nothing but send webhooks: `node webhook-process.ts URL KEY`. */
const [, , url = '', masterKey = ''] = process.argv
const db = url.startsWith('postgres')
  ? await openPostgresDatabase({ url, poolSize: 4 })
  : await openSqliteDatabase(url)
const keyRing = createKeyRing([Buffer.from(masterKey, 'base64')])
const { dispatcher } = assembleWebhooks({
  db,
  keyRing,
  vault: createPhoneVault(keyRing, createLogger('silent')),
  policy: { allowedNetworks: ['127.0.0.0/8'], timeoutMs: 1000 },
  settleMs: 1000,
  clock: { now: () => Date.now() },
  newId: createUuidV7,
  logger: createLogger('silent'),
})
dispatcher.start()
// It lives until it is killed.
setInterval(() => {}, 60_000)
process.send?.('ready')
