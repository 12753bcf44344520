import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHaoma, createLogger, openKeys, rekey } from '../index.ts'

/** Nobody listens there: no app of a test is asked about at WeChat's own hosts. */
const nowhere = { wechatHosts: ['http://127.0.0.1:9'], logger: createLogger('silent') }
const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('lists, rotates and revokes keys beside the service, and moves the database to a new master key', async () => {
  const databaseUrl = `sqlite:${join(folder, 'haoma.db')}`
  const service = await createHaoma({ databaseUrl, masterKey: oldKey, ...nowhere })
  await service.apps.add({ appid: 'wx5f0a3c9e7b1d2468', appSecret: '0'.repeat(31).concat('a'), name: '商城' })
  const both = { databaseUrl, masterKey: newKey, oldMasterKeys: [oldKey] }
  const keys = await openKeys(both)
  const next = await keys.rotate()
  expect((await keys.list()).map(({ state }) => state).sort()).toEqual(['next', 'signing'])
  expect((await keys.revoke(next.kid))?.state).toBe('revoked')
  expect(await rekey(both)).toEqual({
    done: 0,
    left: 0,
    stuck: 0,
    former: { clients: [], apiKeys: [] },
  })
  await keys.close()
  await service.close()
  const after = await createHaoma({ databaseUrl, masterKey: newKey, ...nowhere })
  expect((await after.fetch(new Request('http://haoma.test/.well-known/jwks.json'))).status).toBe(200)
  expect(after.apps.list()).toMatchObject([{ appid: 'wx5f0a3c9e7b1d2468', secretFrom: 'database' }])
  await after.close()
})
