import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../../scripts/services/embedded-postgres.mjs'
import manifest from '../../package.json' with { type: 'json' }
import { postgresDatabase } from '../../test/support/databases-under-test.ts'
import { type Receiver, startReceiver } from '../../test/support/receiver.ts'
import { startWebhooks, type WebhookService } from '../../test/support/webhook-service.ts'
import type { Database } from '../stores/database.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const processFile = here('../../.cache/webhook-process.mjs')

interface Place {
  /** As the process is told of it. */
  url: string
  open(): Promise<Database>
  dispose(): Promise<unknown>
}

const sqlite = async (): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'haoma-webhooks-'))
  const url = join(folder, 'haoma.db')
  return { url, open: () => openSqliteDatabase(url), dispose: () => rm(folder, { recursive: true }) }
}
const server = await embeddedPostgres(15)
const places = [
  { name: 'SQLite', missing: undefined, create: sqlite },
  {
    name: 'PostgreSQL',
    missing: server.missing,
    create: (): Promise<Place> => postgresDatabase('url' in server ? server.url : ''),
  },
]

beforeAll(() =>
  build({
    entryPoints: [here('../../test/support/webhook-process.ts')],
    outfile: processFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['haoma-source'],
    external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
      (name) => !name.startsWith('@haoma/'),
    ),
  }),
)
afterAll(() => ('end' in server ? server.end() : undefined))

describe.each(places)('webhooks of processes that are killed, on $name', ({ missing, create }) => {
  const masterKey = randomBytes(32)
  const living = new Set<ChildProcess>()
  let place: Place
  let db: Database
  let service: WebhookService
  let receiver: Receiver

  beforeAll(async () => {
    if (missing !== undefined) return
    place = await create()
    db = await place.open()
    service = await startWebhooks({}, { db, masterKey })
    receiver = await startReceiver()
  })
  afterAll(async () => {
    for (const child of living) child.kill('SIGKILL')
    if (missing !== undefined) return
    await service.end()
    await db.close()
    await receiver.close()
    await place.dispose()
  })

  const startProcess = async (): Promise<ChildProcess> => {
    const child = fork(processFile, [place.url, masterKey.toString('base64')], { execArgv: [] })
    living.add(child)
    await once(child, 'message')
    return child
  }
  const kill = async (child: ChildProcess) => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    living.delete(child)
  }

  it.skipIf(missing !== undefined)(
    'every event arrives, under one id over all tries, in the order of its member',
    async () => {
      await service.webhooks.create({ url: receiver.url })
      const members = ['m1', 'm2', 'm3']
      for (const member of members) await service.addMember(member)
      const told = new Map<string, string[]>(members.map((member) => [member, []]))
      const tell = async () => {
        for (const member of members) {
          const ids = await service.tell(member, 'phone.bound', 'phone.unbound')
          told.set(member, [...(told.get(member) ?? []), ...ids])
        }
      }

      // Committed while nobody runs, then a process that dies with its first messages on the way.
      await tell()
      receiver.answer = () => {}
      const first = await startProcess()
      await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(3)
      await kill(first)

      // Two at once, while every third message is refused once and some are answered late.
      let count = 0
      const refused = new Set<string>()
      receiver.answer = (response, { message }) => {
        count += 1
        if (count % 3 === 0 && !refused.has(message.id)) {
          refused.add(message.id)
          response.writeHead(500).end()
        } else setTimeout(() => response.end(), count % 5 === 0 ? 50 : 0)
      }
      const pair = await Promise.all([startProcess(), startProcess()])
      await tell()
      await expect.poll(() => count, { timeout: 15_000 }).toBeGreaterThanOrEqual(6)
      await kill(pair[0])
      await tell()
      const states = async () => (await service.webhooks.deliveries({ limit: 100 })).map(({ state }) => state)
      await expect.poll(states, { timeout: 60_000, interval: 200 }).toEqual(Array(18).fill('delivered'))
      await kill(pair[1])

      for (const member of members) {
        const own = receiver.received.filter(({ message }) => message.memberId === member)
        const ids = own.map(({ headers }) => String(headers['webhook-id']))
        // Tries of one event follow each other: the first of each stand in the order of the member.
        expect([...new Set(ids)]).toEqual(told.get(member))
        const order = own.map(({ message }) => message.memberSeq)
        expect(order).toEqual([...order].sort((a, b) => a - b))
      }
    },
    120_000,
  )
})
