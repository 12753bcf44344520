import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dayStart, hourStart, startOfDay } from '../kernel/calendar.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { ledgerRow } from '../stores/conformance/samples.ts'
import type { Database } from '../stores/database.ts'
import type { LedgerRow } from '../stores/ledger-store.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { confirmEntries, createBookkeeper } from './book.ts'
import { rebuildSums } from './rebuild.ts'
import { type Actor, createTariffs } from './tariffs.ts'

const DAY_MS = 86_400_000
const first = startOfDay('2026-11-20') as number
const by: Actor = { actorKind: 'system', actorId: 'test', ip: null, requestId: null }

const entry = fc.record({
  do: fc.constant('settle' as const),
  appid: fc.constantFrom('wx1', 'wx2'),
  component: fc.constantFrom('quick' as const, 'realtime' as const),
  state: fc.constantFrom('used' as const, 'lost' as const, 'expired' as const, 'refused' as const),
  isBilled: fc.constantFrom(1, 1, 1, 0, null),
  openid: fc.constantFrom('o1', 'o2', null),
  // Some settle long after they were seen.
  seenAfterMs: fc.nat(4 * DAY_MS),
  lateMs: fc.constantFrom(0, 1000, 2 * DAY_MS),
})
const step = fc.oneof(
  { weight: 8, arbitrary: entry },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('book' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pack' as const),
      appid: fc.constantFrom('wx1', 'wx2'),
      component: fc.constantFrom('quick' as const, 'realtime' as const),
      entries: fc.integer({ min: 1, max: 6 }),
      priceLi: fc.option(fc.nat(500)),
      startsAfterMs: fc.nat(3 * DAY_MS),
      lastsMs: fc.option(fc.integer({ min: 1, max: 3 * DAY_MS })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('price' as const),
      component: fc.constantFrom('quick' as const, 'realtime' as const),
      afterMs: fc.nat(4 * DAY_MS),
      li: fc.nat(60),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), index: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('change' as const), index: fc.nat(5), li: fc.nat(500) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('confirm' as const), appid: fc.constantFrom('wx1', 'wx2') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rebuild' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

let db: Database
beforeAll(async () => {
  db = await openSqliteDatabase(':memory:')
})
afterAll(() => db.close())

it('keeps sums that equal a recount and packs that add up, whatever is changed in between', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), run), { numRuns: 60 })
}, 120_000)

let runs = 0

async function run(steps: readonly Step[]): Promise<void> {
  runs += 1
  // Apps of its own, so that runs do not see each other; prices hold for all, so every run ends with its own.
  const own = (appid: string) => `${appid}-${runs}`
  const apps = [own('wx1'), own('wx2')]
  let nowMs = first
  const clock = { now: () => nowMs }
  const books = createBookkeeper({ db, clock, step: 4 })
  const tariffs = createTariffs({ db, clock, newId: createUuidV7 })
  const packs: string[] = []
  let entries = 0
  await books.book()

  const confirm = (appid: string) =>
    db.transaction(async (stores) => {
      await stores.ledgerSums.lock()
      for (const component of ['quick', 'realtime'] as const) {
        const of = { appid, component, seenMs: [0, Number.MAX_SAFE_INTEGER] as const, limit: 2 }
        await confirmEntries(stores, await stores.ledger.listUnconfirmed(of))
      }
    })

  for (const one of steps) {
    nowMs += 1000
    if (one.do === 'settle') {
      entries += 1
      const seenAtMs = first + one.seenAfterMs
      const { appid, component, state, isBilled, openid } = one
      await db.ledger.add(
        ledgerRow({
          id: createUuidV7(nowMs),
          appid: own(appid),
          component,
          state,
          isBilled,
          openid: openid && `${openid}-${runs}`,
          seenAtMs,
          settledAtMs: seenAtMs + one.lateMs,
        }),
      )
    } else if (one.do === 'book') await books.book()
    else if (one.do === 'pack') {
      const startsAtMs = first + one.startsAfterMs
      const { id } = await tariffs.addPack(
        {
          appid: own(one.appid),
          component: one.component,
          kind: 'pack',
          name: '',
          spuId: null,
          packageId: null,
          entries: one.entries,
          priceLi: one.priceLi,
          usedBefore: 0,
          startsAtMs,
          endsAtMs: one.lastsMs === null ? null : startsAtMs + one.lastsMs,
        },
        by,
      )
      packs.push(id)
    } else if (one.do === 'price') {
      await tariffs.setPrice({ component: one.component, fromMs: first + one.afterMs, li: one.li }, by)
    } else if (one.do === 'drop') {
      const [id] = packs.splice(one.index % Math.max(packs.length, 1), 1)
      if (id) await tariffs.removePack(id, by)
    } else if (one.do === 'change') {
      const id = packs[one.index % Math.max(packs.length, 1)]
      if (id) await tariffs.changePack(id, { priceLi: one.li }, by)
    } else if (one.do === 'confirm') await confirm(own(one.appid))
    else await rebuildSums(db, { fromMs: first, toMs: first + 7 * DAY_MS })
    // The trial would take everything: it is made small.
    for (const { id, kind, entries: size } of await db.tariffs.listPacks()) {
      if (kind === 'trial' && apps.some((appid) => id.startsWith(appid)) && size === 1000) {
        await tariffs.changePack(id, { entries: 2 }, by)
      }
    }
  }
  await books.book()

  const rows = (await Promise.all(apps.map((appid) => db.ledger.page({ appid }, { limit: 999 })))).flat()
  expect(rows).toHaveLength(entries)
  for (const period of ['hour', 'day'] as const) {
    const sums = await Promise.all(
      apps.map((appid) =>
        db.ledgerSums.ask({
          period,
          fromMs: 0,
          toMs: Number.MAX_SAFE_INTEGER,
          appid,
          by: ['startMs', 'appid', 'component', 'surface', 'state', 'cause'],
        }),
      ),
    )
    const kept = sums
      .flat()
      .map(({ startMs, appid, component, state, cause, ...measured }) => [
        [startMs, appid, component, state, cause].join(' '),
        measured.entries,
        measured.billedEntries,
        measured.listLi,
        measured.chargeLi,
      ])
    expect(kept.sort()).toEqual(recount(rows, period))
  }
  for (const pack of await db.tariffs.listPacks()) {
    if (!apps.includes(pack.appid)) continue
    const own = rows.filter(({ chargedTo }) => chargedTo === `${pack.kind}:${pack.id}`)
    expect(pack.usedEntries).toBe(own.length)
    expect(pack.allocatedLi).toBe(own.reduce((sum, { chargeLi }) => sum + chargeLi, 0))
    expect(own.length).toBeLessThanOrEqual(pack.entries ?? 0)
    if (pack.kind === 'pack' && pack.priceLi !== null && own.length === pack.entries) {
      expect(pack.allocatedLi).toBe(pack.priceLi)
    }
  }
  for (const { isBilled, listLi, chargeLi } of rows) {
    if (isBilled !== 1) expect([listLi, chargeLi]).toEqual([0, 0])
  }
}

/** The sums, from the entries and nothing else. */
function recount(rows: readonly LedgerRow[], period: 'hour' | 'day') {
  const start = period === 'hour' ? hourStart : dayStart
  const sums = new Map<string, [number, number, number, number]>()
  for (const { seenAtMs, appid, component, state, cause, ...row } of rows) {
    const key = [start(seenAtMs), appid, component, state, cause].join(' ')
    const sum = sums.get(key) ?? [0, 0, 0, 0]
    sums.set(key, [
      sum[0] + 1,
      sum[1] + (row.isBilled === 1 ? 1 : 0),
      sum[2] + row.listLi,
      sum[3] + row.chargeLi,
    ])
  }
  return [...sums].map(([key, sum]) => [key, ...sum]).sort()
}
