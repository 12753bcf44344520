import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { AuditEntry } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { Pack, Price, Rebooking } from '../stores/tariff-store.ts'
import { listPrices } from './prices.ts'

/** Who changes something, for the audit. */
export type Actor = Pick<AuditEntry, 'actorKind' | 'actorId' | 'ip' | 'requestId'>

/** What people say of a pack. */
export type PackSettings = Pick<
  Pack,
  | 'appid'
  | 'component'
  | 'kind'
  | 'name'
  | 'spuId'
  | 'packageId'
  | 'entries'
  | 'priceLi'
  | 'usedBefore'
  | 'startsAtMs'
  | 'endsAtMs'
>

/** A price, and whether it is WeChat's own list that says so. */
export interface PriceView extends Price {
  isBuiltIn: boolean
}

/**
 * Prices and packs as data with dates. Every change is audited, and entries that it concerns are booked anew: it may be
 * told of a pack weeks after it was bought.
 */
export interface Tariffs {
  listPrices(): Promise<PriceView[]>
  setPrice(price: Price, by: Actor): Promise<void>
  /** @throws {HaomaError} `NOT_THERE`; also for WeChat's own list, which another price can only outdo. */
  removePrice(price: Pick<Price, 'component' | 'fromMs'>, by: Actor): Promise<void>
  listPacks(of?: { appid?: string | undefined }): Promise<Pack[]>
  /** @throws {HaomaError} `BAD_REQUEST` when it makes no sense, `NOT_POSSIBLE_NOW` when the pack is there already. */
  addPack(pack: PackSettings, by: Actor): Promise<Pack>
  /** @throws {HaomaError} `NOT_THERE`, `BAD_REQUEST`. */
  changePack(
    id: string,
    to: Partial<Omit<PackSettings, 'appid' | 'component' | 'kind'>>,
    by: Actor,
  ): Promise<Pack>
  /** @throws {HaomaError} `NOT_THERE`; also for a trial, which can only be made smaller. */
  removePack(id: string, by: Actor): Promise<void>
}

export interface TariffsParts {
  db: Database
  clock: Clock
  newId: NewId
}

export function createTariffs({ db, clock, newId }: TariffsParts): Tariffs {
  const audit = (
    stores: Stores,
    by: Actor,
    entry: Pick<AuditEntry, 'action' | 'targetKind' | 'targetId' | 'details'>,
  ) => stores.audit.add([{ id: newId(clock.now()), atMs: clock.now(), reason: null, ...by, ...entry }])

  /** Everything that is booked waits meanwhile, so that no entry goes by half of a change. */
  const change = <T>(work: (stores: Stores) => Promise<T>): Promise<T> =>
    db.transaction(async (stores) => {
      await stores.ledgerSums.lock()
      return work(stores)
    })
  const rebook = (stores: Stores, from: Pick<Rebooking, 'appid' | 'component' | 'fromMs'>) =>
    addRebooking(stores, from, { clock, newId })

  const require = async (stores: Stores, id: string): Promise<Pack> => {
    const pack = await stores.tariffs.findPack(id)
    if (!pack) throw new HaomaError('NOT_THERE')
    return pack
  }

  return {
    listPrices: async () => {
      const own = await db.tariffs.listPrices()
      return [
        ...listPrices.map((price) => ({ ...price, isBuiltIn: true })),
        ...own.map((price) => ({ ...price, isBuiltIn: false })),
      ]
    },

    setPrice: (price, by) =>
      change(async (stores) => {
        await stores.tariffs.setPrice(price)
        await rebook(stores, { ...price, appid: null })
        const { component, fromMs, li } = price
        await audit(stores, by, {
          action: 'price.set',
          targetKind: 'price',
          targetId: component,
          details: { fromMs, li },
        })
      }),

    removePrice: ({ component, fromMs }, by) =>
      change(async (stores) => {
        if (!(await stores.tariffs.removePrice({ component, fromMs }))) throw new HaomaError('NOT_THERE')
        await rebook(stores, { component, fromMs, appid: null })
        await audit(stores, by, {
          action: 'price.remove',
          targetKind: 'price',
          targetId: component,
          details: { fromMs },
        })
      }),

    listPacks: (of) => db.tariffs.listPacks(of),

    addPack: (settings, by) =>
      change(async (stores) => {
        checkPack(settings)
        const nowMs = clock.now()
        const pack: Pack = {
          ...settings,
          id: newId(nowMs),
          usedEntries: 0,
          allocatedLi: 0,
          createdAtMs: nowMs,
        }
        if (!(await stores.tariffs.addPack(pack))) throw new HaomaError('NOT_POSSIBLE_NOW')
        await rebook(stores, { ...pack, fromMs: pack.startsAtMs })
        await audit(stores, by, {
          action: 'pack.create',
          targetKind: 'pack',
          targetId: pack.id,
          details: { ...settings },
        })
        return pack
      }),

    changePack: (id, to, by) =>
      change(async (stores) => {
        const before = await require(stores, id)
        const after = { ...before, ...to }
        checkPack(after)
        await stores.tariffs.changePack(id, to)
        await rebook(stores, { ...after, fromMs: Math.min(before.startsAtMs, after.startsAtMs) })
        await audit(stores, by, {
          action: 'pack.update',
          targetKind: 'pack',
          targetId: id,
          details: { ...to },
        })
        return after
      }),

    removePack: (id, by) =>
      change(async (stores) => {
        const pack = await require(stores, id)
        if (pack.kind === 'trial') throw new HaomaError('NOT_THERE')
        await stores.tariffs.removePack(id)
        await rebook(stores, { ...pack, fromMs: pack.startsAtMs })
        await audit(stores, by, {
          action: 'pack.remove',
          targetKind: 'pack',
          targetId: id,
          details: { name: pack.name, entries: pack.entries, priceLi: pack.priceLi },
        })
      }),
  }
}

/** Orders that entries are booked anew. The caller keeps the ledger locked. */
async function addRebooking(
  stores: Stores,
  { appid, component, fromMs }: Pick<Rebooking, 'appid' | 'component' | 'fromMs'>,
  { clock, newId }: Pick<TariffsParts, 'clock' | 'newId'>,
): Promise<void> {
  const createdAtMs = clock.now()
  await stores.tariffs.addRebooking({ id: newId(createdAtMs), appid, component, fromMs, createdAtMs })
}

function checkPack({ kind, entries, priceLi, usedBefore, startsAtMs, endsAtMs }: PackSettings): void {
  const isLimited = entries !== null && entries >= usedBefore
  const isPaid = priceLi === null || (priceLi >= 0 && entries !== 0)
  const isSensible = kind === 'free' ? entries === null : isLimited && isPaid
  if (!isSensible || (endsAtMs !== null && endsAtMs <= startsAtMs)) throw new HaomaError('BAD_REQUEST')
}
