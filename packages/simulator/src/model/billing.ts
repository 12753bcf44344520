import { beijingDayNumber, type Clock } from './clock.ts'
import type { PhoneComponent } from './codes.ts'
import { getOrCreate } from './get-or-create.ts'
import type { Random } from './random.ts'

/** List price of one successful call, in li (1/1000 yuan). */
export const PRICE_LI: Readonly<Record<PhoneComponent, number>> = { quick: 30, realtime: 40 }
const TRIAL_CALLS = 1000
/** Three months, of which the recent average is made. */
const AVERAGE_DAYS = 90
const AVERAGE_MONTHS = 3
export const components: readonly PhoneComponent[] = ['quick', 'realtime']

/** Calls bought in advance. */
export interface Pack {
  id: string
  component: PhoneComponent
  size: number
  used: number
  startsAtMs: number
  /** `null` for a pack without end. */
  endsAtMs: number | null
}

interface Account {
  trial: Record<PhoneComponent, { size: number; used: number }>
  packs: Pack[]
  counts: Record<PhoneComponent, Counts>
  /** Consents of the last days, newest last. */
  days: Array<{ day: number } & Record<PhoneComponent, number>>
}

interface Counts {
  consents: number
  refusals: number
  noQuota: number
  timeouts: number
}

/** The bill of one component. Every consent is in exactly one of `trialUsed`, `packUsed` and `free`. */
export interface ComponentBill extends Counts {
  trialUsed: number
  packUsed: number
  free: number
  /** Calls left: trial and packs that have begun and not ended. */
  remaining: number
  /** What the calls from packs cost at list price, in li (1/1000 yuan). */
  li: number
}

export interface Bill {
  appid: string
  components: Record<PhoneComponent, ComponentBill>
  totalLi: number
}

export interface Billing {
  /** Calls left. */
  remaining(appid: string, component: PhoneComponent): number
  /** Takes one call: trial first, then the pack that ends earliest; nothing when it is free. */
  charge(appid: string, component: PhoneComponent, isFree: boolean): void
  /** Counts an outcome that costs nothing. */
  note(appid: string, component: PhoneComponent, outcome: 'refusals' | 'noQuota' | 'timeouts'): void
  addPack(appid: string, pack: Omit<Pack, 'id' | 'used'>): Pack
  setTrial(appid: string, component: PhoneComponent, size: number): void
  packs(appid: string): Pack[]
  trial(appid: string, component: PhoneComponent): { size: number; used: number }
  bill(appid: string): Bill
  /** Consents a month over the last three; `undefined` when there were none. */
  recentAverage(appid: string, component: PhoneComponent): number | undefined
  list(): Array<[string, Account]>
  load(accounts: ReadonlyArray<[string, Account]>): void
}

export type BillingAccount = Account

export function createBilling({ clock, random }: { clock: Clock; random: Random }): Billing {
  const accounts = new Map<string, Account>()
  const account = (appid: string): Account => getOrCreate(accounts, appid, newAccount)
  const isOpen = (pack: Pack, component: PhoneComponent) =>
    pack.component === component &&
    pack.used < pack.size &&
    pack.startsAtMs <= clock.nowMs() &&
    (pack.endsAtMs === null || clock.nowMs() < pack.endsAtMs)
  const remaining = (appid: string, component: PhoneComponent) => {
    const { trial, packs } = account(appid)
    const open = packs.filter((pack) => isOpen(pack, component))
    return (
      trial[component].size -
      trial[component].used +
      open.reduce((sum, pack) => sum + pack.size - pack.used, 0)
    )
  }
  const today = (days: Account['days']) => {
    const day = beijingDayNumber(clock.nowMs())
    const last = days.at(-1)
    if (last?.day === day) return last
    const fresh = { day, quick: 0, realtime: 0 }
    days.push(fresh)
    if (days.length > AVERAGE_DAYS) days.shift()
    return fresh
  }
  const componentBill = (appid: string, component: PhoneComponent): ComponentBill => {
    const { trial, packs, counts } = account(appid)
    const own = packs.filter((pack) => pack.component === component)
    const packUsed = own.reduce((sum, pack) => sum + pack.used, 0)
    const trialUsed = trial[component].used
    return {
      ...counts[component],
      trialUsed,
      packUsed,
      free: counts[component].consents - trialUsed - packUsed,
      remaining: remaining(appid, component),
      li: packUsed * PRICE_LI[component],
    }
  }
  return {
    remaining,
    charge(appid, component, isFree) {
      const { trial, packs, counts, days } = account(appid)
      counts[component].consents++
      today(days)[component]++
      if (isFree) return
      if (trial[component].used < trial[component].size) {
        trial[component].used++
        return
      }
      const end = (pack: Pack) => pack.endsAtMs ?? Number.POSITIVE_INFINITY
      const first = packs.filter((pack) => isOpen(pack, component)).sort((a, b) => end(a) - end(b))[0]
      if (first) first.used++
    },
    note: (appid, component, outcome) => void account(appid).counts[component][outcome]++,
    addPack(appid, input) {
      const pack: Pack = { ...input, id: random.digits(10), used: 0 }
      account(appid).packs.push(pack)
      return pack
    },
    setTrial(appid, component, size) {
      const trial = account(appid).trial[component]
      trial.size = Math.max(size, trial.used)
    },
    packs: (appid) => account(appid).packs,
    trial: (appid, component) => account(appid).trial[component],
    bill(appid) {
      const quick = componentBill(appid, 'quick')
      const realtime = componentBill(appid, 'realtime')
      return { appid, components: { quick, realtime }, totalLi: quick.li + realtime.li }
    },
    recentAverage(appid, component) {
      const since = beijingDayNumber(clock.nowMs()) - AVERAGE_DAYS
      const recent = account(appid).days.filter(({ day }) => day > since)
      const consents = recent.reduce((sum, day) => sum + day[component], 0)
      return consents === 0 ? undefined : consents / AVERAGE_MONTHS
    },
    list: () => [...accounts.entries()],
    load(loaded) {
      for (const [appid, own] of loaded) accounts.set(appid, structuredClone(own))
    },
  }
}

function newAccount(): Account {
  const both = <T>(make: () => T): Record<PhoneComponent, T> => ({ quick: make(), realtime: make() })
  return {
    trial: both(() => ({ size: TRIAL_CALLS, used: 0 })),
    packs: [],
    days: [],
    counts: both(() => ({ consents: 0, refusals: 0, noQuota: 0, timeouts: 0 })),
  }
}
