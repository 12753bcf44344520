import type { Clock } from '../clock.ts'
import { WxAccessTokenError, type WxError, WxUsageError } from '../errors/index.ts'
import { createFlight } from '../internal/flight.ts'
import { type Wait, waitFor } from '../internal/wait.ts'
import { checkToken } from './check-token.ts'
import { forceRule } from './force-permits.ts'
import { asFetchError, createFetchGate } from './gate.ts'
import { type LiveToken, liveToken } from './live-token.ts'
import { createRefusals } from './refusals.ts'
import { createTokenFleet, type TimedToken } from './shared-fetch.ts'
import type { GuardedStore } from './store-guard.ts'
import type { ForcePermit, TokenSource, TokenStore } from './types.ts'

/** What a manager tells. No detail holds a token. */
export interface TokenEvents {
  refreshed(details: { expiresInS: number; from: 'source' | 'store' }): void
  refreshFailed(details: { error: WxError; keepsToken: boolean }): void
  circuitOpened(details: { error: WxError; retryInMs: number }): void
  budgetExceeded(details: { fetchesPerHour: number }): void
}

/** State of the token of one app, for `health()`. */
export interface TokenHealth {
  readonly token: 'none' | 'fresh' | 'ageing'
  readonly expiresInS: number | undefined
  /** Seconds until a new one is fetched in the background; 0 when that is due. */
  readonly refreshInS: number | undefined
  readonly circuit: 'closed' | 'open' | 'half-open'
  readonly lastError: WxError | undefined
  readonly retryInMs: number
}

/** Keeps the access token of one app. */
export interface TokenManager {
  /** The token in memory, or `undefined` when one has to be waited for. Costs one comparison. */
  peek(): LiveToken | undefined
  /** Gives a token, fetching it when there is none; callers share one fetch. */
  get(wait: Wait): Promise<LiveToken>
  /** Gives a token other than the one that failed; fetches only when nobody has a newer one. */
  refresh(failedToken: string, wait: Wait): Promise<LiveToken>
  /** Hands this token out no more; the next who needs one has it fetched, or found with others. */
  refused(failedToken: string): void
  /** Makes WeChat replace the token at once. Budgeted across processes. */
  force(wait: Wait): Promise<LiveToken>
  /** Takes another source, as after a new AppSecret, and forgets failures. */
  changeSource(source: TokenSource): void
  /** Forgets failures, so that the next who needs a token makes a fetch at once. */
  retryNow(): void
  health(): TokenHealth
  close(): void
}

/** What a manager needs. */
export interface TokenManagerDeps {
  readonly appid: string
  readonly source: TokenSource
  readonly store: GuardedStore
  /** Counts forced refreshes while the shared store is down. */
  readonly ownStore: TokenStore
  readonly clock: Clock
  readonly random: () => number
  /** Time for one fetch, repeats and failover included, in milliseconds. */
  readonly fetchTimeoutMs: number
  readonly fetchesPerHour: number | undefined
  readonly events: TokenEvents
}

// Waiting for the fetches of others, and for a slow store.
const flightSlackMs = 15_000
const leastRenewalGapMs = 1000

export function createTokenManager(deps: TokenManagerDeps): TokenManager {
  const { appid, store, clock, random, events } = deps
  let source = deps.source
  let held: LiveToken | undefined
  let cancelTimer: (() => void) | undefined
  let isClosed = false
  // Aborted by a change of the source: what the older one still answers counts no more, and its lease is given back.
  let sourceLife = new AbortController()
  let nextRenewalAtMs = Number.NEGATIVE_INFINITY
  const flight = createFlight<LiveToken>({ clock, longestMs: 4 * deps.fetchTimeoutMs + flightSlackMs })
  const refusals = createRefusals(clock)
  const gate = createFetchGate({
    clock,
    random,
    fetchesPerHour: deps.fetchesPerHour ?? source.fetchesPerHour,
    events,
  })
  const fleet = createTokenFleet(appid, deps)

  function peek(): LiveToken | undefined {
    const token = held
    return token === undefined || clock.monotonic() < token.refreshAtMs ? token : peekAgeing(token)
  }

  function peekAgeing(token: LiveToken): LiveToken | undefined {
    if (clock.monotonic() >= token.expiresAtMs) {
      held = undefined
      return undefined
    }
    renewInBackground()
    return token
  }

  function living(): LiveToken | undefined {
    return held !== undefined && clock.monotonic() < held.expiresAtMs ? held : undefined
  }

  function hold(token: TimedToken, from: 'source' | 'store'): LiveToken {
    const live = liveToken(token.accessToken, token.expiresInMs, { fromMs: token.fromMs, random: random() })
    if (isClosed) return live
    held = live
    refusals.keepConfirmed(live.value)
    renewAt(live.refreshAtMs)
    events.refreshed({ expiresInS: Math.floor(token.expiresInMs / 1000), from })
    return live
  }

  function bury(value: string): void {
    const wasHeld = held?.value === value
    refusals.add(value, wasHeld ? held?.expiresAtMs : undefined)
    if (!wasHeld) return
    held = undefined
    cancelTimer?.()
  }

  /** @param before - the token held when this one was wanted */
  function serves(token: TimedToken, before: LiveToken | undefined): boolean {
    if (refusals.has(token.accessToken)) return false
    const expiresAtMs = token.fromMs + token.expiresInMs
    const ours = living()
    if (ours === undefined) return !refusals.isOutlived(expiresAtMs)
    // Where flights are not shared, another one may have brought it meanwhile.
    if (token.accessToken === ours.value) return ours !== before
    return expiresAtMs > ours.expiresAtMs
  }

  function mayFetch(): void {
    const refusal = gate.refusal()
    if (refusal !== undefined) throw refusal
  }

  async function fetchFromSource(failedToken: string | undefined, force: boolean): Promise<TimedToken> {
    const fromMs = clock.monotonic()
    const timeoutMs = deps.fetchTimeoutMs
    const { signal } = sourceLife
    gate.spend()
    try {
      const answer = source.fetch({ appid, timeoutMs, failedToken, force })
      const wait = { deadlineAtMs: fromMs + timeoutMs, signal }
      const { accessToken, expiresInS } = checkToken(await waitFor(answer, wait, clock))
      gate.succeeded()
      return { accessToken, expiresInMs: expiresInS * 1000, fromMs }
    } catch (cause) {
      const error = asFetchError(cause)
      if (signal.aborted) throw error
      gate.failed(error)
      events.refreshFailed({ error, keepsToken: living() !== undefined })
      throw error
    }
  }

  /** Fetches until the source gives a token that was not refused after it was asked for. */
  async function fetchLiving(failedToken: string | undefined, force: boolean): Promise<TimedToken> {
    const askedAt = refusals.ask()
    let token = await fetchFromSource(failedToken, force)
    if (refusals.isStale(token.accessToken, askedAt)) token = await fetchFromSource(token.accessToken, false)
    refusals.takeBack(token.accessToken)
    return token
  }

  function obtain(failedToken?: string): Promise<LiveToken> {
    return flight.join(() => share(failedToken, false))
  }

  async function share(failedToken: string | undefined, force: boolean): Promise<LiveToken> {
    const { signal } = sourceLife
    const old = held
    let from: 'source' | 'store' = 'store'
    try {
      const token = await fleet.obtain({
        serves: (token) => !force && serves(token, old),
        mayFetch,
        fetch() {
          from = 'source'
          return fetchLiving(failedToken, force)
        },
      })
      if (force && old !== undefined && old.value !== token.accessToken) bury(old.value)
      return hold(token, from)
    } catch (error) {
      // Whoever waited for the older source is not to fail with what it said.
      if (!signal.aborted || isClosed) throw error
      return obtain(failedToken)
    }
  }

  function renewInBackground(): void {
    if (isClosed || flight.current() !== undefined || clock.monotonic() < nextRenewalAtMs) return
    nextRenewalAtMs = clock.monotonic() + leastRenewalGapMs
    const later = () => renewAt(clock.monotonic() + Math.max(leastRenewalGapMs, gate.waitMs()))
    if (gate.waitMs() > 0) later()
    else obtain().catch(later)
  }

  function renewAt(atMs: number): void {
    cancelTimer?.()
    if (isClosed || living() === undefined) return
    cancelTimer = clock.schedule(renewInBackground, Math.max(0, atMs - clock.monotonic()), true)
  }

  function assertOpen(): void {
    if (isClosed) throw new WxUsageError('ERR_WX_CLOSED')
  }

  async function takePermit(): Promise<ForcePermit> {
    try {
      return await store.takeForcePermit(appid, forceRule)
    } catch {
      return deps.ownStore.takeForcePermit(appid, forceRule)
    }
  }

  const stopListening = store.onRecovered(() => {
    const token = living()
    if (token === undefined || isClosed) return
    const now = clock.monotonic()
    fleet
      .publish({ accessToken: token.value, expiresInMs: token.expiresAtMs - now, fromMs: now })
      .catch(() => {})
  })

  return {
    peek,
    async get(wait) {
      assertOpen()
      return peek() ?? waitFor(obtain(), wait, clock)
    },
    async refresh(failedToken, wait) {
      assertOpen()
      const current = peek()
      if (current !== undefined && (current.value !== failedToken || refusals.isConfirmed(failedToken))) {
        return current
      }
      bury(failedToken)
      return waitFor(obtain(failedToken), wait, clock)
    },
    refused(failedToken) {
      if (!refusals.isConfirmed(failedToken)) bury(failedToken)
    },
    async force(wait) {
      assertOpen()
      if (!source.canForce) {
        throw new WxUsageError(
          'ERR_WX_BAD_OPTION',
          `the token source "${source.name}" cannot refresh by force`,
        )
      }
      // A permit is scarce: none is taken for a fetch that may not be made.
      mayFetch()
      const permit = await waitFor(takePermit(), wait, clock)
      if (!permit.granted) {
        throw new WxAccessTokenError('ERR_WX_FORCE_REFRESH_LIMIT', { retryAfterMs: permit.retryAfterMs })
      }
      for (let flying = flight.current(); flying !== undefined; flying = flight.current()) {
        const settled = flying.catch(() => undefined)
        await waitFor(settled, wait, clock)
      }
      return waitFor(
        flight.join(() => share(undefined, true)),
        wait,
        clock,
      )
    },
    changeSource(next) {
      source = next
      sourceLife.abort()
      sourceLife = new AbortController()
      flight.drop()
      gate.reset()
    },
    retryNow: gate.reset,
    health() {
      const token = living()
      const now = clock.monotonic()
      return {
        token: token === undefined ? 'none' : now < token.refreshAtMs ? 'fresh' : 'ageing',
        expiresInS: token === undefined ? undefined : Math.floor((token.expiresAtMs - now) / 1000),
        refreshInS:
          token === undefined ? undefined : Math.max(0, Math.floor((token.refreshAtMs - now) / 1000)),
        retryInMs: gate.waitMs(),
        ...gate.health(),
      }
    },
    close() {
      isClosed = true
      held = undefined
      cancelTimer?.()
      stopListening()
    },
  }
}
