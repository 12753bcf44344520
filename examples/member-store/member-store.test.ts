import { randomBytes } from 'node:crypto'
import { createHaoma, createLogger } from '@haoma/server'
import { type OpenedUserStore, testUserStore } from '@haoma/server/conformance'
import { createSimulator } from '@haoma/simulator'
import { type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import Libsql from 'libsql'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { createTables } from './src/tables.js'
import { createUserStore } from './src/user-store.js'

// biome-ignore lint/suspicious/noExplicitAny: the example is in JavaScript
type Shop = Kysely<any>

/** One connection: a second one to the same file would wait for the first within one process. */
const sqlite = (): Dialect => new SqliteDialect({ database: new Libsql(':memory:') })

/** A schema of its own for each test. */
async function postgres(url: string) {
  const schema = `shop_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create schema ${schema}`)
  const open = (): Shop => {
    const pool = new pg.Pool({ connectionString: url, options: `-c search_path=${schema}` })
    return new Kysely({ dialect: new PostgresDialect({ pool }) })
  }
  const drop = async () => {
    await admin.query(`drop schema ${schema} cascade`)
    await admin.end()
  }
  return { open, drop }
}

async function find(db: Shop, memberId: string) {
  const user = await db.selectFrom('users').selectAll().where('member_id', '=', memberId).executeTakeFirst()
  if (!user) return undefined
  const openids = await db
    .selectFrom('user_openids')
    .select('openid')
    .where('user_id', '=', user.id)
    .execute()
  return {
    userId: user.id,
    e164: user.phone,
    isBanned: user.is_banned === 1,
    openids: openids.map(({ openid }) => openid),
  }
}

function opened(one: Shop, other: Shop, close: () => Promise<void>): OpenedUserStore {
  return {
    stores: [createUserStore(one), createUserStore(other)],
    find: (memberId) => find(one, memberId),
    count: async () => (await one.selectFrom('users').select('id').execute()).length,
    addOldUser: async (phone) => {
      const id = `old-${phone}`
      await one.insertInto('users').values({ id, phone }).execute()
      return id
    },
    close,
  }
}

describe('on SQLite', () => {
  testUserStore({
    test: it,
    open: async () => {
      const db: Shop = new Kysely({ dialect: sqlite() })
      await createTables(db)
      return opened(db, db, () => db.destroy())
    },
  })
})

const url = process.env.DATABASE_URL
describe.skipIf(!url)('on PostgreSQL', () => {
  testUserStore({
    test: it,
    open: async () => {
      const { open, drop } = await postgres(url ?? '')
      const [one, other] = [open(), open()]
      await createTables(one)
      return opened(one, other, async () => {
        await Promise.all([one.destroy(), other.destroy()])
        await drop()
      })
    },
  })
})

it('has the customer of before, with the orders, when he logs in for the first time', async () => {
  const db: Shop = new Kysely({ dialect: sqlite() })
  await createTables(db)
  await db.insertInto('users').values({ id: 'customer-7', phone: '+8613580006666' }).execute()
  const simulator = await createSimulator()
  const [app] = simulator.apps
  if (!app) throw new Error('the simulator has no app')
  const { appid, appSecret } = app
  const haoma = await createHaoma({
    apps: [{ appid, appSecret }],
    wechatHosts: [simulator.url],
    databaseUrl: ':memory:',
    masterKey: randomBytes(32),
    memberStore: createUserStore(db),
    logger: createLogger('silent'),
  })
  const tap = { appid, user: '李雷', component: 'quick', answer: 'allow' } as const
  const body = {
    appid,
    loginCode: simulator.device.login({ appid, user: '李雷' }).code,
    phoneCode: simulator.device.phone(tap).code,
  }
  const answer = await haoma.fetch(
    new Request('http://shop.test/v1/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
  const { member } = (await answer.json()) as { member: { id: string } }
  expect(await find(db, member.id)).toMatchObject({ userId: 'customer-7', e164: '+8613580006666' })
  await haoma.close()
  await simulator.close()
  await db.destroy()
})
