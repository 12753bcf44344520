import { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSqlJobStore } from '../stores/sql/job-store.ts'
import { createTables } from '../stores/sql/migrations/0001-tables/index.ts'
import { createSqliteDialect } from '../stores/sql/sqlite/dialect.ts'
import { openLibsql } from '../stores/sql/sqlite/libsql.ts'
import { forEachRow, type Job } from './job.ts'
import { createJobRunner } from './runner.ts'

const silent = pino({ level: 'silent' })
let nowMs: number
// biome-ignore lint/suspicious/noExplicitAny: the tables of other rooms are of no interest here
let db: Kysely<any>
beforeEach(async () => {
  nowMs = 1_700_000_000_000
  const handle = openLibsql(':memory:')
  db = new Kysely({ dialect: createSqliteDialect({ writer: handle, reader: handle }) })
  await createTables('sqlite').up(db)
})
afterEach(() => db.destroy())

const runnerOf = (owner: string, jobs: readonly Job[]) =>
  createJobRunner({
    jobs,
    owner,
    store: createSqlJobStore(db),
    clock: { now: () => nowMs },
    logger: silent,
    random: () => 0.5,
    lookMs: 1_000_000,
  })

const jobOf = (run: Job['run'], everyMs = 60_000): Job => ({ name: 'sweep', everyMs, run })

describe('a job', () => {
  it('runs in one of many processes that look at once', async () => {
    let runs = 0
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const job = jobOf(async () => {
      runs += 1
      await held
      return undefined
    })
    const runners = Array.from({ length: 5 }, (_, i) => runnerOf(`p${i}`, [job]))
    const done = Promise.all(runners.map((runner) => runner.runNow('sweep')))
    await expect.poll(() => runs).toBe(1)
    release()
    await done
    expect(runs).toBe(1)
    expect(await runners[0]?.list()).toMatchObject([
      { name: 'sweep', runs: 1, leaseOwner: null, failures: 0 },
    ])
  })

  it('is not due again before its time', async () => {
    let runs = 0
    const job = jobOf(async () => {
      runs += 1
      return undefined
    })
    const runner = runnerOf('p', [job])
    runner.start()
    await expect.poll(() => runs).toBe(1)
    await runner.stop()
    const { nextAtMs } = (await runner.list())[0] as { nextAtMs: number }
    expect(nextAtMs).toBe(nowMs + 60_000)
    const store = createSqlJobStore(db)
    const claim = { name: 'sweep', owner: 'p', leaseMs: 1000 }
    expect(await store.claim({ ...claim, nowMs: nextAtMs - 1 })).toBeUndefined()
    expect(await store.claim({ ...claim, nowMs: nextAtMs })).toEqual({ fence: 2, progress: null })
  })

  it('comes back sooner when it asks to', async () => {
    const runner = runnerOf('p', [jobOf(async () => ({ againInMs: 5 }))])
    await runner.runNow('sweep')
    expect(await runner.list()).toMatchObject([{ nextAtMs: nowMs + 5 }])
  })

  it('that fails is tried again after a pause that doubles, with its error visible and then kept', async () => {
    let isBroken = true
    const job = jobOf(async () => {
      if (isBroken) throw new Error('out of paper')
      return undefined
    })
    const runner = runnerOf('p', [job])
    const pauses: number[] = []
    for (let run = 0; run < 3; run += 1) {
      await runner.runNow('sweep')
      pauses.push(((await runner.list())[0]?.nextAtMs ?? 0) - nowMs)
    }
    expect(pauses).toEqual([5000, 10_000, 20_000])
    expect(await runner.list()).toMatchObject([{ failures: 3, lastError: 'Error: out of paper' }])
    isBroken = false
    await runner.runNow('sweep')
    expect(await runner.list()).toMatchObject([{ failures: 0, lastError: 'Error: out of paper', runs: 4 }])
  })

  it('of a process that died is taken over after its lease, and the dead one can change nothing', async () => {
    const store = createSqlJobStore(db)
    await store.ensure(['sweep'])
    const dead = await store.claim({ name: 'sweep', owner: 'dead', leaseMs: 1000, nowMs })
    expect(
      await store.claim({ name: 'sweep', owner: 'p', leaseMs: 1000, nowMs: nowMs + 999 }),
    ).toBeUndefined()
    const next = await store.claim({ name: 'sweep', owner: 'p', leaseMs: 1000, nowMs: nowMs + 1000 })
    expect(next?.fence).toBe((dead?.fence ?? 0) + 1)
    const old = { name: 'sweep', fence: dead?.fence ?? 0, nowMs: nowMs + 1001 }
    expect(await store.renew({ ...old, leaseMs: 1000 })).toBe(false)
    await store.finish({ ...old, nextInMs: 1, error: null })
    expect(await store.list()).toMatchObject([{ leaseOwner: 'p', runs: 0 }])
  })

  it('goes on from the progress that another process saved', async () => {
    const seen: (string | null)[] = []
    const job = jobOf(async ({ progress, saveProgress }) => {
      seen.push(progress)
      await saveProgress(`row ${seen.length}`)
      throw new Error('the process stops here')
    })
    await runnerOf('p1', [job]).runNow('sweep')
    await runnerOf('p2', [job]).runNow('sweep')
    expect(seen).toEqual([null, 'row 1'])
  })

  it('that was lost to another process may save no progress', async () => {
    const store = createSqlJobStore(db)
    let failure: unknown
    const job = jobOf(async ({ saveProgress, signal }) => {
      nowMs += 60_000
      await store.claim({ name: 'sweep', owner: 'other', leaseMs: 1000, nowMs, evenIfNotDue: true })
      await saveProgress('mine').catch((error) => {
        failure = error
      })
      expect(signal.aborted).toBe(true)
      return undefined
    })
    await runnerOf('p', [job]).runNow('sweep')
    expect(failure).toBeInstanceOf(Error)
    expect(await store.list()).toMatchObject([{ leaseOwner: 'other', progress: null, runs: 0 }])
  })

  it('is asked to end, and waited for, when the process stops', async () => {
    const told: string[] = []
    const job = jobOf(
      ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            told.push('asked')
            setImmediate(() => {
              told.push('ended')
              resolve(undefined)
            })
          })
        }),
    )
    const runner = runnerOf('p', [job])
    const run = runner.runNow('sweep')
    await expect.poll(async () => (await runner.list())[0]?.leaseOwner).toBe('p')
    await runner.stop()
    told.push('stopped')
    await run
    expect(told).toEqual(['asked', 'ended', 'stopped'])
  })
})

describe('forEachRow', () => {
  it('does every row but the bad ones, and tells of them at the end', async () => {
    const done: number[] = []
    const work = forEachRow([1, 2, 3], new AbortController().signal, async (row) => {
      if (row === 1) throw new Error('bad row')
      done.push(row)
    })
    await expect(work).rejects.toThrow('1 of 3 rows failed')
    expect(done).toEqual([2, 3])
  })

  it('stops between rows when asked to', async () => {
    const stop = new AbortController()
    const done: number[] = []
    await forEachRow([1, 2, 3], stop.signal, async (row) => {
      done.push(row)
      stop.abort()
    })
    expect(done).toEqual([1])
  })
})
