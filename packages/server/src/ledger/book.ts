import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { Booking, LedgerRow } from '../stores/ledger-store.ts'
import type { Pack, Rebooking } from '../stores/tariff-store.ts'
import { createAllocator, packOf } from './allocate.ts'
import { findDoubleTaps } from './double-taps.ts'
import { listPrices, TRIAL_ENTRIES } from './prices.ts'
import { sumsOf } from './sums.ts'

/** Entries a transaction: on SQLite a login waits for as long as one takes. */
const STEP = 500

export interface Bookkeeper {
  /**
   * Works out the money of every entry that has none, in the order in which they were settled, and adds it to the sums;
   * first takes off what a changed price or pack has made wrong. Any number of processes may do so at once: they take
   * turns, step by step.
   *
   * @returns how many entries were booked
   */
  book(signal?: AbortSignal): Promise<number>
  /**
   * Books what was settled a moment ago, a step of it at most, so that whoever looks right after a login finds it in the
   * sums. Who looks at the same time shares it, and when it fails the sums are as old as the job left them.
   */
  catchUp(): Promise<void>
}

export interface BookkeeperParts {
  db: Database
  clock: Clock
  /** Entries a transaction, for tests that want to see several. */
  step?: number
}

/**
 * Makes what gives entries their money. It is not done when a code is settled: which pack an entry takes depends on all
 * entries before it, so logins would wait for each other on one row.
 */
export function createBookkeeper({ db, clock, step = STEP }: BookkeeperParts): Bookkeeper {
  /** One step, or `undefined` when nothing is left. */
  const takeStep = () =>
    db.transaction(async (stores) => {
      await stores.ledgerSums.lock()
      const rebooking = await stores.tariffs.nextRebooking()
      if (rebooking) {
        await takeBack(stores, rebooking, step)
        return 0
      }
      const entries = await stores.ledger.listUnbooked(step)
      if (entries.length === 0) return undefined
      await bookEntries(stores, entries, clock.now())
      return entries.length
    })

  let catchingUp: Promise<void> | undefined
  return {
    catchUp: () => {
      catchingUp ??= takeStep()
        .then(
          () => {},
          () => {},
        )
        .finally(() => {
          catchingUp = undefined
        })
      return catchingUp
    },
    book: async (signal) => {
      let booked = 0
      while (!signal?.aborted) {
        const some = await takeStep()
        if (some === undefined) break
        booked += some
      }
      return booked
    },
  }
}

async function bookEntries(stores: Stores, entries: readonly LedgerRow[], nowMs: number): Promise<void> {
  const [packs, prices, seconds] = await allOf([
    packsFor(stores, entries, nowMs),
    stores.tariffs.listPrices(),
    findDoubleTaps(stores, entries),
  ])
  const allocator = createAllocator(packs, [...listPrices, ...prices])
  const booked = entries.map((entry): LedgerRow => {
    // An entry that is booked anew may have been a second one before.
    const cause = seconds.has(entry.id) ? 'double-tap' : entry.cause === 'double-tap' ? '' : entry.cause
    return { ...entry, ...allocator.charge(entry), cause }
  })
  await stores.ledger.book(bookingsOf(booked), nowMs)
  await stores.ledgerSums.add(sumsOf(booked, 1))
  for (const [id, taken] of allocator.taken()) await stores.tariffs.charge(id, taken)
}

/** Entries with the same money are written together; there are a few kinds of it in any step. */
function bookingsOf(entries: readonly LedgerRow[]): Booking[] {
  const kinds = new Map<string, { money: Omit<Booking, 'ids' | 'seenMs'>; entries: LedgerRow[] }>()
  for (const entry of entries) {
    const { cause, listLi, chargeLi, chargedTo } = entry
    const key = JSON.stringify([cause, listLi, chargeLi, chargedTo])
    const kind = kinds.get(key) ?? { money: { cause, listLi, chargeLi, chargedTo }, entries: [] }
    kind.entries.push(entry)
    kinds.set(key, kind)
  }
  return [...kinds.values()].map(({ money, entries }) => {
    const times = entries.map(({ seenAtMs }) => seenAtMs)
    return {
      ...money,
      ids: entries.map(({ id }) => id),
      seenMs: [Math.min(...times), Math.max(...times)],
    }
  })
}

/** Says that entries are charged after all, which nobody knew. Their money comes with the next step. */
export async function confirmEntries(stores: Stores, entries: readonly LedgerRow[]): Promise<void> {
  const booked = entries.filter(({ bookedAtMs }) => bookedAtMs !== null)
  await stores.ledgerSums.add(sumsOf(booked, -1))
  await stores.ledger.unbook(booked)
  await stores.ledger.confirm(entries)
}

/** Takes the money off some of the entries, newest first, and off sums and packs; ends when none is left. */
async function takeBack(stores: Stores, rebooking: Rebooking, limit: number): Promise<void> {
  const { id, appid, component, fromMs } = rebooking
  const entries = await stores.ledger.listBooked({ appid, component, fromMs, limit })
  await stores.ledger.unbook(entries)
  await stores.ledgerSums.add(sumsOf(entries, -1))
  const freed = new Map<string, { entries: number; li: number }>()
  for (const entry of entries) {
    const pack = packOf(entry.chargedTo)
    if (pack === undefined) continue
    const { entries: count, li } = freed.get(pack) ?? { entries: 0, li: 0 }
    freed.set(pack, { entries: count - 1, li: li - entry.chargeLi })
  }
  for (const [pack, less] of freed) await stores.tariffs.charge(pack, less)
  if (entries.length < limit) await stores.tariffs.endRebooking(id)
}

/** All packs. Every app has a trial of each component, from the first entry on. */
async function packsFor(stores: Stores, entries: readonly LedgerRow[], nowMs: number): Promise<Pack[]> {
  const packs = await stores.tariffs.listPacks()
  for (const { appid, component } of entries) {
    const isHere = packs.some(
      (pack) => pack.kind === 'trial' && pack.appid === appid && pack.component === component,
    )
    if (isHere) continue
    const trial = trialOf({ appid, component }, nowMs)
    await stores.tariffs.addPack(trial)
    packs.push(trial)
  }
  return packs
}

/** The trial of an app, as WeChat gives it to all. */
function trialOf({ appid, component }: Pick<Pack, 'appid' | 'component'>, nowMs: number): Pack {
  return {
    id: `${appid}.${component}`,
    appid,
    component,
    kind: 'trial',
    name: '',
    spuId: null,
    packageId: null,
    entries: TRIAL_ENTRIES,
    priceLi: 0,
    usedBefore: 0,
    usedEntries: 0,
    allocatedLi: 0,
    startsAtMs: 0,
    endsAtMs: null,
    createdAtMs: nowMs,
  }
}
