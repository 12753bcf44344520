import type { Clock } from '../clock.ts'
import { isWxError, WxAccessTokenError, WxApiError, type WxError } from '../errors/index.ts'
import { plainCause } from '../transport/plain-cause.ts'

/** Whether a new token may be fetched now. A fetch that failed is not tried again at once. */
export interface FetchGate {
  /** Why no fetch may be made now, or `undefined` when one may. */
  refusal(): WxError | undefined
  /** Counts one fetch against the budget. */
  spend(): void
  succeeded(): void
  failed(error: WxError): void
  /** Forgets failures, as after a new AppSecret. */
  reset(): void
  /** Milliseconds until the next fetch makes sense; 0 when one may be made now. */
  waitMs(): number
  health(): { readonly circuit: 'closed' | 'open' | 'half-open'; readonly lastError: WxError | undefined }
}

/** What the gate tells. */
export interface GateEvents {
  circuitOpened(details: { error: WxError; retryInMs: number }): void
  budgetExceeded(details: { fetchesPerHour: number }): void
}

/** How long to stay away after a failure: the first time, and at most. */
const pauses = {
  // Set up wrongly: no repeat helps until someone mends it.
  config: { firstMs: 30_000, mostMs: 300_000 },
  permission: { firstMs: 30_000, mostMs: 300_000 },
  // Whoever mends the IP whitelist waits for the next try.
  whitelist: { firstMs: 30_000, mostMs: 60_000 },
  quota: { firstMs: 60_000, mostMs: 600_000 },
  passing: { firstMs: 250, mostMs: 5000 },
} as const

const hourMs = 3_600_000

/**
 * @param deps - time, randomness, the size of the budget and who listens
 */
export function createFetchGate(deps: {
  clock: Clock
  random: () => number
  fetchesPerHour: number
  events: GateEvents
}): FetchGate {
  const { clock, random, fetchesPerHour, events } = deps
  let failures = 0
  let closedUntilMs = 0
  let lastError: WxError | undefined
  let isOpen = false
  // A bucket that fills evenly: a burst may spend an hour's worth, after that one fetch every few seconds.
  let tokens = fetchesPerHour
  let filledAtMs = clock.monotonic()
  let saidExceeded = false

  function budgetWaitMs(): number {
    const now = clock.monotonic()
    tokens = Math.min(fetchesPerHour, tokens + ((now - filledAtMs) * fetchesPerHour) / hourMs)
    filledAtMs = now
    return tokens >= 1 ? 0 : ((1 - tokens) * hourMs) / fetchesPerHour
  }

  return {
    refusal() {
      if (lastError !== undefined && clock.monotonic() < closedUntilMs) return lastError
      const retryAfterMs = budgetWaitMs()
      if (retryAfterMs > 0) {
        if (!saidExceeded) events.budgetExceeded({ fetchesPerHour })
        saidExceeded = true
        return new WxAccessTokenError('ERR_WX_TOKEN_BUDGET', { retryAfterMs })
      }
      if (tokens > fetchesPerHour / 2) saidExceeded = false
      return undefined
    },
    spend() {
      tokens -= 1
    },
    succeeded() {
      failures = 0
      closedUntilMs = 0
      lastError = undefined
      isOpen = false
    },
    failed(error) {
      const reason = reasonOf(error)
      const opens = reason !== 'passing'
      const pause = pauses[reason]
      if (lastError?.kind !== error.kind) failures = 0
      const longest = Math.min(pause.mostMs, pause.firstMs * 2 ** failures)
      const retryInMs = longest * (0.75 + random() / 4)
      failures += 1
      closedUntilMs = clock.monotonic() + retryInMs
      lastError = error
      if (opens && !isOpen) events.circuitOpened({ error, retryInMs })
      isOpen = opens
    },
    reset() {
      failures = 0
      closedUntilMs = 0
      lastError = undefined
      isOpen = false
    },
    waitMs: () => Math.max(0, closedUntilMs - clock.monotonic(), budgetWaitMs()),
    health: () => ({
      circuit: !isOpen ? 'closed' : clock.monotonic() < closedUntilMs ? 'open' : 'half-open',
      lastError,
    }),
  }
}

// 40164: not on the list; 61004: not on the list of a third-party platform; 8950x: an administrator must consent.
const whitelistErrcodes = new Set([40164, 61004, 89501, 89503, 89506, 89507])

function reasonOf(error: WxError): keyof typeof pauses {
  if (error instanceof WxApiError && whitelistErrcodes.has(error.errcode)) return 'whitelist'
  const { kind } = error
  return kind === 'config' || kind === 'permission' || kind === 'quota' ? kind : 'passing'
}

/** Turns whatever a source threw into an error of ours. */
export function asFetchError(error: unknown): WxError {
  return isWxError(error)
    ? error
    : new WxAccessTokenError('ERR_WX_TOKEN_SOURCE', { cause: plainCause(error) })
}
