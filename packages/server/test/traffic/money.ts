import type { Random } from './random.ts'
import type { Sink } from './sink.ts'
import { DAY_MS } from './world.ts'

/** What one consent costs, and from what it is taken. */
export interface Charge {
  listLi: number
  chargeLi: number
  chargedTo: string
}

/** The trial of each component first, then packs as they are bought, and the list price between two packs. */
export interface Money {
  charge(appid: string, component: string, atMs: number): Charge
  /** Writes what WeChat's balance said at a moment. */
  read(appid: string, component: string, atMs: number): void
  /** Writes the packs. */
  end(): void
}

interface Account {
  billed: number
  trialLeft: number
  pack: Pack | undefined
  packs: Pack[]
  gapLeft: number
}

interface Pack {
  id: string
  kind: string
  entries: number
  priceLi: number
  used: number
  allocatedLi: number
  startsAtMs: number
}

const LIST_LI: Record<string, number> = { quick: 30, realtime: 40 }
const TRIAL_ENTRIES = 1000
const PACK_ENTRIES = 10_000
/** Calls at list price before somebody notices that the pack is used up. */
const GAP_ENTRIES = 400
export const trialOf = (appid: string, component: string) => `trial-${appid.slice(-6)}-${component}`

export function createMoney(parts: { random: Random; sink: Sink; fromMs: number }): Money {
  const { random, sink, fromMs } = parts
  const accounts = new Map<string, Account>()
  const accountOf = (appid: string, component: string): Account => {
    const name = `${appid} ${component}`
    const known = accounts.get(name)
    if (known) return known
    const trial = { id: trialOf(appid, component), kind: 'trial', entries: TRIAL_ENTRIES, priceLi: 0 }
    const first: Pack = { ...trial, used: 0, allocatedLi: 0, startsAtMs: fromMs }
    const account = {
      billed: 0,
      trialLeft: TRIAL_ENTRIES,
      pack: undefined,
      packs: [first],
      gapLeft: GAP_ENTRIES,
    }
    accounts.set(name, account)
    return account
  }
  const buy = (account: Account, component: string, atMs: number): Pack => {
    const priceLi = Math.round((LIST_LI[component] ?? 0) * PACK_ENTRIES * 0.9)
    const bought = { id: random.id(atMs), kind: 'pack', entries: PACK_ENTRIES, priceLi }
    const pack: Pack = { ...bought, used: 0, allocatedLi: 0, startsAtMs: atMs }
    account.packs.push(pack)
    account.gapLeft = GAP_ENTRIES
    return pack
  }

  return {
    charge: (appid, component, atMs) => {
      const account = accountOf(appid, component)
      const listLi = LIST_LI[component] ?? 0
      account.billed += 1
      if (account.trialLeft > 0) {
        account.trialLeft -= 1
        const [trial] = account.packs
        if (trial) trial.used += 1
        return { listLi, chargeLi: 0, chargedTo: 'trial' }
      }
      if (!account.pack) {
        account.gapLeft -= 1
        if (account.gapLeft > 0) return { listLi, chargeLi: listLi, chargedTo: 'list' }
        account.pack = buy(account, component, atMs)
      }
      const { pack } = account
      pack.used += 1
      // So that the shares of a pack add up to its price.
      const upTo = Math.floor((pack.priceLi * pack.used) / pack.entries)
      const chargeLi = upTo - pack.allocatedLi
      pack.allocatedLi = upTo
      if (pack.used === pack.entries) account.pack = undefined
      return { listLi, chargeLi, chargedTo: `pack:${pack.id}` }
    },

    read: (appid, component, atMs) => {
      const account = accountOf(appid, component)
      const total = account.packs.reduce((sum, { entries }) => sum + entries, 0)
      // WeChat counts what we never heard of, too.
      const used = account.billed + Math.floor(account.billed / 400)
      const packages = account.packs.map(({ id, kind, entries, used: taken, startsAtMs }) => ({
        packageId: id,
        isTrial: kind === 'trial',
        entries,
        used: taken,
        startsAtMs,
        endsAtMs: startsAtMs + 365 * DAY_MS,
      }))
      const difference = used - account.billed
      sink.add('balance_readings', {
        id: random.id(atMs),
        appid,
        component,
        spu_id: component === 'quick' ? '10000077' : '10000078',
        at_ms: atMs,
        wechat_total: total,
        wechat_used: used,
        wechat_left: Math.max(0, total - used),
        ours_used: account.billed,
        packages: JSON.stringify(packages),
        difference,
        explanation: JSON.stringify([{ cause: 'telemetry-missing', entries: difference }]),
        reconciled_at_ms: atMs + 600_000,
        error: null,
      })
    },

    end: () => {
      for (const [name, { packs }] of accounts) {
        const [appid = '', component = ''] = name.split(' ')
        for (const pack of packs) {
          sink.add('packs', {
            id: pack.id,
            appid,
            component,
            kind: pack.kind,
            name: pack.kind === 'trial' ? '试用' : `${component} ${PACK_ENTRIES}`,
            spu_id: component === 'quick' ? '10000077' : '10000078',
            package_id: pack.id,
            entries: pack.entries,
            price_li: pack.priceLi,
            used_before: 0,
            used_entries: pack.used,
            allocated_li: pack.allocatedLi,
            starts_at_ms: pack.startsAtMs,
            ends_at_ms: pack.startsAtMs + 365 * DAY_MS,
            created_at_ms: pack.startsAtMs,
          })
        }
      }
    },
  }
}
