import type { PhoneComponent } from '@haoma/protocol'
import type { Reconciliation } from '@haoma/protocol/admin'
import type { WeChat } from '@haoma/wechat'
import { forEachRow } from '../jobs/job.ts'
import { DAY_MS } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { BalanceReading, PackageCount } from '../stores/balance-store.ts'
import type { Database } from '../stores/database.ts'
import { confirmEntries } from './book.ts'
import { compareBooks } from './compare-books.ts'
import { differenceTexts, unexplainedCauses } from './difference-texts.ts'
import { type BalanceOf, readBalance } from './read-balance.ts'

/** Two books: WeChat's count of its packs beside the ledger. */
export interface BookReconciliation {
  /** Asks WeChat for every balance and writes down what it says. One that cannot be read costs the others nothing. */
  read(): Promise<void>
  /** The same now, by somebody, of one app or all. */
  readNow(of: { appid?: string | undefined }, by: Actor): Promise<void>
  /**
   * Compares readings with the ledger, once every code of their time is settled, and books what WeChat's count shows to
   * be charged. One that cannot be compared waits, and the others do not wait for it.
   */
  settle(signal: AbortSignal): Promise<void>
  /** The newest reading of each balance; one that is not settled yet, as far as is known now. */
  latest(of: { appid?: string | undefined }): Promise<Reconciliation[]>
  /** Settled readings of so many days, oldest first. */
  history(of: { appid?: string | undefined; days: number }): Promise<Reconciliation[]>
  /** What of the newest settled difference of each balance nobody can explain. */
  differences(
    sinceMs: number,
  ): Promise<{ appid: string; component: PhoneComponent; ours: number; unexplained: number }[]>
}

export interface BookReconciliationParts {
  db: Database
  wechat: Pick<WeChat, 'app'>
  /** Mini programs whose balance is read. */
  listAppids(): readonly string[]
  /** WeChat's product of a component; undefined where nobody knows it. */
  spuIdOf(component: PhoneComponent): string | undefined
  /** How long a code is remembered as alive. */
  lifeMs: number
  clock: Clock
  newId: NewId
  logger: Logger
}

const components: readonly PhoneComponent[] = ['quick', 'realtime']
/** Jobs that end codes come by once a minute; then each code of the reading's time has its entry. */
const SETTLING_MS = 180_000
const STEP = 100
const MOST_HISTORY = 5000

export function createBookReconciliation(parts: BookReconciliationParts): BookReconciliation {
  const { db, lifeMs, clock, newId, logger } = parts
  const settledAfterMs = lifeMs + SETTLING_MS

  const listBalances = (of: { appid?: string | undefined }): BalanceOf[] => {
    const appids = parts.listAppids().filter((appid) => of.appid === undefined || appid === of.appid)
    return appids.flatMap((appid) =>
      components.flatMap((component) => {
        const spuId = parts.spuIdOf(component)
        return spuId === undefined ? [] : [{ appid, component, spuId }]
      }),
    )
  }

  const readOne = async (of: BalanceOf, before: readonly PackageCount[]): Promise<void> => {
    const { appid, component, spuId } = of
    const answer = await readBalance(parts.wechat.app(appid), spuId, before)
    // By the clock of ours: entries are written by it, and both counts are cut at the same moment.
    const atMs = clock.now()
    if (answer.error !== null)
      logger.warn({ appid, component, why: answer.error }, 'the balance cannot be read')
    await db.balances.add({
      ...of,
      ...answer,
      id: newId(atMs),
      atMs,
      oursUsed: null,
      difference: null,
      explanation: [],
      reconciledAtMs: null,
    })
  }

  const readAll = async (of: { appid?: string | undefined } = {}): Promise<void> => {
    const known = await db.balances.newest(0)
    const packagesOf = (balance: BalanceOf) =>
      known.find((one) => keyOf(one) === keyOf(balance))?.packages ?? []
    await Promise.all(listBalances(of).map((balance) => readOne(balance, packagesOf(balance))))
  }

  const settleOne = (reading: BalanceReading): Promise<void> =>
    db.transaction(async (stores) => {
      await stores.ledgerSums.lock()
      const first = (await stores.balances.first(reading)) ?? reading
      const { toConfirm, ...compared } = await compareBooks(stores, { reading, first, open: 0, lifeMs })
      if (toConfirm.length > 0) await confirmEntries(stores, toConfirm)
      await stores.balances.reconcile(reading.id, { ...compared, reconciledAtMs: clock.now() })
    })

  /** Settled readings since a moment, newest first. */
  const listSettled = async (fromMs: number, appid?: string): Promise<BalanceReading[]> => {
    const readings = await db.balances.list({ appid, fromMs, limit: MOST_HISTORY })
    return readings.filter(({ reconciledAtMs }) => reconciledAtMs !== null)
  }

  /** Codes that are not settled yet, of each balance. */
  const countOpen = async (): Promise<(of: BalanceReading) => number> => {
    const totals = await db.ledger.totals({ fromMs: clock.now() - settledAfterMs })
    const open = totals.filter(({ state }) => state === 'open' || state === 'unknown')
    return ({ appid, component }) =>
      open
        .filter((one) => one.appid === appid && one.component === component)
        .reduce((sum, { entries }) => sum + entries, 0)
  }

  /** The first reading of each balance, asked for once. */
  const createFirsts = () => {
    const firsts = new Map<string, Promise<BalanceReading | undefined>>()
    return (reading: BalanceReading) => {
      const key = keyOf(reading)
      const first = firsts.get(key) ?? db.balances.first(reading)
      firsts.set(key, first)
      return first
    }
  }

  const isCompared = ({ error, reconciledAtMs }: BalanceReading) => error !== null || reconciledAtMs !== null

  const viewAll = async (readings: readonly BalanceReading[]): Promise<Reconciliation[]> => {
    const firstOf = createFirsts()
    const openOf = readings.every(isCompared) ? () => 0 : await countOpen()
    const views: Reconciliation[] = []
    for (const reading of readings) {
      const first = await firstOf(reading)
      const isDone = first === undefined || isCompared(reading)
      const compared = isDone
        ? reading
        : await compareBooks(db, { reading, first, open: openOf(reading), lifeMs })
      views.push(viewOf(reading, first, compared))
    }
    return views
  }

  return {
    read: () => readAll(),
    readNow: async ({ appid }, by) => {
      await readAll({ appid })
      const audited = {
        action: 'ledger.reconcile',
        ...(appid !== undefined && { target: { kind: 'app', id: appid } }),
      }
      await db.audit.add([auditEntry(by, audited, { newId, nowMs: clock.now() })])
    },
    settle: async (signal) => {
      for (let isMore = true; isMore && !signal.aborted; ) {
        const open = await db.balances.listOpen(clock.now() - settledAfterMs, STEP)
        await forEachRow(open, signal, settleOne)
        isMore = open.length === STEP
      }
    },
    latest: async (of) => {
      const newest = listBalances(of).map(({ appid, component }) =>
        db.balances.list({ appid, component, limit: 1 }),
      )
      return viewAll((await Promise.all(newest)).flat())
    },
    history: async ({ appid, days }) =>
      viewAll((await listSettled(clock.now() - days * DAY_MS, appid)).reverse()),
    differences: async (sinceMs) => {
      const newest = new Map<string, BalanceReading>()
      for (const reading of await listSettled(sinceMs)) {
        const key = keyOf(reading)
        if (!newest.has(key)) newest.set(key, reading)
      }
      return [...newest.values()].map(({ appid, component, oursUsed, explanation }) => ({
        appid,
        component,
        ours: oursUsed ?? 0,
        unexplained: explanation
          .filter(({ cause }) => unexplainedCauses.includes(cause))
          .reduce((sum, { entries }) => sum + entries, 0),
      }))
    },
  }
}

const keyOf = ({ appid, component, spuId }: BalanceOf): string => `${appid} ${component} ${spuId}`

function viewOf(
  reading: BalanceReading,
  first: BalanceReading | undefined,
  compared: Pick<BalanceReading, 'oursUsed' | 'difference' | 'explanation'>,
): Reconciliation {
  const { appid, component, spuId, wechatUsed, wechatLeft, error } = reading
  return {
    appid,
    component,
    spuId,
    at: new Date(reading.atMs).toISOString(),
    since: first === undefined ? null : new Date(first.atMs).toISOString(),
    isSettled: reading.reconciledAtMs !== null,
    wechatLeft,
    wechatUsed: wechatUsed === null ? null : wechatUsed - (first?.wechatUsed ?? 0),
    oursUsed: compared.oursUsed,
    difference: compared.difference,
    explained: compared.explanation.map((part) => ({ ...part, text: differenceTexts[part.cause] })),
    error: error === null ? null : JSON.parse(error),
  }
}
