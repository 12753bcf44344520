import type { BalanceReading, DifferenceCause, DifferencePart } from '../stores/balance-store.ts'
import type { Stores } from '../stores/database.ts'
import type { LedgerRow } from '../stores/ledger-store.ts'
import { chargedToOf } from './allocate.ts'

/** WeChat's count beside ours, both since the first reading. */
export interface Comparison {
  oursUsed: number
  /** WeChat's less ours. */
  difference: number
  /** Adds up to the difference. */
  explanation: DifferencePart[]
  /** Entries that WeChat's count shows to be charged, which nobody knew. */
  toConfirm: LedgerRow[]
}

export interface ComparedReading {
  reading: BalanceReading
  /** Both books begin there. */
  first: BalanceReading
  /** Codes that are not settled yet, of a reading that was taken a moment ago; 0 of one whose codes all are. */
  open: number
  /** How long a code lives: so late may a consent come here that WeChat has counted already. */
  lifeMs: number
}

/** Looked at a time, so that no difference brings the whole ledger into memory. */
const MOST_TO_CONFIRM = 10_000

/**
 * Compares a reading of WeChat's balance with the ledger. What is known for sure is taken off first: consents on their way
 * at either reading, and calls of packs that WeChat keeps under another product. Of what is left, WeChat counting more
 * means consents that the ledger has and does not know to be charged, and then those that it never heard of; WeChat
 * counting less means times and builds that it may not charge.
 */
export async function compareBooks(
  stores: Pick<Stores, 'ledger' | 'ledgerSums' | 'tariffs'>,
  { reading, first, open, lifeMs }: ComparedReading,
): Promise<Comparison> {
  const { appid, component, spuId, atMs } = reading
  const whose = { appid, component }
  const counted = async (toMs: number) => stores.ledgerSums.countBilled({ ...whose, toMs })
  const onTheWay = (fromMs: number) =>
    stores.ledger.countWhere({
      ...whose,
      afterMs: fromMs,
      toMs: fromMs + lifeMs,
      consentedByMs: fromMs,
    })
  const since = { ...whose, afterMs: first.atMs, toMs: atMs }
  const packs = await stores.tariffs.listPacks(whose)
  const bookedTo = async (isMeant: (pack: (typeof packs)[number]) => boolean) => {
    const chargedTo = packs.filter(isMeant).map(chargedToOf)
    return chargedTo.length === 0 ? 0 : stores.ledger.countWhere({ ...since, chargedTo })
  }

  const wechatUsed = (reading.wechatUsed ?? 0) - (first.wechatUsed ?? 0)
  const oursUsed = (await counted(atMs)) - (await counted(first.atMs))
  const difference = wechatUsed - oursUsed
  const parts = createParts(difference)

  parts.take('in-flight', (await onTheWay(atMs)) - (await onTheWay(first.atMs)))
  parts.take('other-product', -(await bookedTo((pack) => pack.spuId !== null && pack.spuId !== spuId)))

  const toConfirm: LedgerRow[] = []
  if (parts.left() > 0) {
    parts.take('in-flight', Math.min(parts.left(), open))
    if (parts.left() > 0) {
      const limit = Math.min(parts.left(), MOST_TO_CONFIRM)
      toConfirm.push(
        ...(await stores.ledger.listUnconfirmed({ ...whose, seenMs: [first.atMs, atMs], limit })),
      )
    }
    const told = toConfirm.filter(({ source }) => source === 'telemetry').length
    parts.take('never-sent', told)
    parts.take('unproven', toConfirm.length - told)
    parts.take('telemetry-missing', parts.left())
  } else if (parts.left() < 0) {
    const atMost = (entries: number) => -Math.min(-parts.left(), entries)
    parts.take('free', atMost(await bookedTo(({ kind }) => kind === 'free')))
    parts.take('devtools', atMost(await stores.ledger.countWhere({ ...since, platform: 'devtools' })))
    parts.take('not-at-wechat', parts.left())
  }
  return { oursUsed, difference, explanation: parts.list(), toConfirm }
}

/** Parts of a difference, and what is left of it. */
function createParts(difference: number) {
  const parts = new Map<DifferenceCause, number>()
  let left = difference
  return {
    left: () => left,
    take: (cause: DifferenceCause, entries: number) => {
      parts.set(cause, (parts.get(cause) ?? 0) + entries)
      left -= entries
    },
    list: (): DifferencePart[] =>
      [...parts].flatMap(([cause, entries]) => (entries === 0 ? [] : [{ cause, entries }])),
  }
}
