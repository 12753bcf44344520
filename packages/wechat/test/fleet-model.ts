import { createTokenManager, type TokenManager } from '../src/access-token/manager.ts'
import { guardStore } from '../src/access-token/store-guard.ts'
import { createMemoryTokenStore } from '../src/access-token/stores/memory.ts'
import type { FetchedToken, TokenSource, TokenStore } from '../src/access-token/types.ts'
import { WxApiError, WxTransportError } from '../src/errors/index.ts'
import { callWithToken, startWait } from '../src/internal/caller.ts'
import { endpoint } from '../src/internal/endpoint.ts'
import type { CallerDeps } from '../src/internal/exchange.ts'
import type { TransportResponse } from '../src/transport/types.ts'
import { createVirtualClock } from './virtual-clock.ts'

const appid = 'wx1234567890abcdef'
const fetchTimeoutMs = 5000
const lifeMs = 7_200_000
const callTimeoutMs = 10_000
const phoneCall = endpoint('POST', '/wxa/business/getuserphonenumber', { repeatable: false, singleUse: true })

interface Process {
  manager: TokenManager
  /** Tokens that this process was told are dead, with the turn in which it was told. */
  readonly knownDead: Map<string, number>
  readonly clock: ReturnType<ReturnType<typeof createVirtualClock>['forHost']>
  readonly deps: Omit<CallerDeps, 'hosts'>
  isAlive: boolean
}

const silent = { begin: () => undefined, emit: () => {} }
const response = (answer: object): TransportResponse => ({
  status: 200,
  headers: {},
  body: JSON.stringify(answer),
})

export type Fault = 'none' | 'lost' | 'busy' | 'secret'

/**
 * A fleet of processes, a store and WeChat, all on one virtual clock, and what must hold of them at all times.
 * Broken rules are collected in `broken`.
 */
export function createFleetModel(options: { processes: number; skewsMs?: readonly number[] }) {
  const clock = createVirtualClock()
  const broken: string[] = []
  const shared = createMemoryTokenStore({ clock: clock.forHost() })
  const processes: Process[] = []
  let storeIsUp = true
  let fault: Fault = 'none'
  let fetchDelayMs = 200
  let issued = 0
  let current = { value: '', endsAtMs: 0 }
  let fetching = 0
  let fetches = 0
  let faults = 0
  let failedCalls = 0
  // When others than WeChat's own renewal ended a token. Only what is replaced again within a call may fail it.
  let replacedAtMs = Number.NEGATIVE_INFINITY
  let unsettled = 0

  // WeChat's stable token: the same one while it lives, a new one in its last five minutes.
  function wechatToken(): FetchedToken {
    if (current.endsAtMs - clock.nowMs() <= 300_000) replace()
    return { accessToken: current.value, expiresInS: (current.endsAtMs - clock.nowMs()) / 1000 }
  }

  function replace(): void {
    current = { value: `token-${++issued}`, endsAtMs: clock.nowMs() + lifeMs }
  }

  function pause(process: Process, ms: number): Promise<void> {
    return new Promise((resolve) => void process.clock.schedule(resolve, ms, false))
  }

  function sourceOf(process: Process): TokenSource {
    let own = 0
    return {
      name: 'model',
      canForce: true,
      fetchesPerHour: 100_000,
      async fetch({ force, timeoutMs }) {
        const withFault = fault
        const delayMs = fetchDelayMs
        fetches += 1
        fetching += 1
        own += 1
        if (own > 1) broken.push('a process fetches twice at once')
        if (fetching > 1 && storeIsUp && faults === 0) broken.push('two processes fetch at once')
        try {
          if (delayMs > timeoutMs) {
            await pause(process, timeoutMs)
            throw new WxTransportError('ERR_WX_TIMEOUT', { requestSent: true })
          }
          await pause(process, delayMs / 2)
          if (withFault === 'busy')
            throw new WxApiError({ errcode: -1, errmsg: '' }, { path: '/', family: 'token' })
          if (withFault === 'secret') {
            throw new WxApiError({ errcode: 40125, errmsg: '' }, { path: '/', family: 'token' })
          }
          if (force) {
            replacedAtMs = clock.nowMs()
            replace()
          }
          const token = wechatToken()
          await pause(process, delayMs / 2)
          if (withFault === 'lost')
            throw new WxTransportError('ERR_WX_CONNECTION_LOST', { requestSent: true })
          return token
        } finally {
          own -= 1
          if (process.isAlive) fetching -= 1
        }
      },
    }
  }

  function storeOf(process: Process): TokenStore {
    const through = async <T>(work: () => Promise<T>): Promise<T> => {
      await pause(process, 1)
      if (!process.isAlive) return new Promise<T>(() => {})
      if (!storeIsUp) throw new Error('connection refused')
      return work()
    }
    return {
      name: 'model',
      read: (id) => through(() => shared.read(id)),
      acquire: (id, claim) => through(() => shared.acquire(id, claim)),
      renew: (id, claim) => through(() => shared.renew(id, claim)),
      write: (id, token) => through(() => shared.write(id, token)),
      release: (id, lease) => through(() => shared.release(id, lease)),
      takeForcePermit: (id, rule) => through(() => shared.takeForcePermit(id, rule)),
    }
  }

  function start(index: number): Process {
    const host = clock.forHost(options.skewsMs?.[index] ?? 0)
    const deps = { clock: host, random: () => 0.5, telemetry: silent, timeoutMs: callTimeoutMs }
    const process = { knownDead: new Map(), clock: host, isAlive: true, deps } as Omit<
      Process,
      'manager'
    > as Process
    const events = { storeDown: () => {}, storeRecovered: () => {} }
    process.manager = createTokenManager({
      appid,
      source: sourceOf(process),
      store: guardStore(storeOf(process), { clock: host, timeoutMs: 1000, events }),
      ownStore: createMemoryTokenStore({ clock: host }),
      clock: host,
      random: () => 0.5,
      fetchTimeoutMs,
      fetchesPerHour: undefined,
      events: { refreshed() {}, refreshFailed() {}, circuitOpened() {}, budgetExceeded() {} },
    })
    return process
  }

  function check(process: Process, token: string): string {
    if ((process.knownDead.get(token) ?? clock.turn()) < clock.turn())
      broken.push(`a process hands out ${token}, which it knows to be dead`)
    return token
  }

  function isAccepted(token: string): boolean {
    return token === current.value && clock.nowMs() < current.endsAtMs
  }

  /** One API call, made by the SDK's own code up to the wire. */
  async function call(process: Process): Promise<void> {
    unsettled += 1
    const startedAtMs = clock.nowMs()
    const deadlineAtMs = process.clock.monotonic() + callTimeoutMs
    try {
      await callWithToken(
        { endpoint: phoneCall, input: {}, wait: startWait(undefined, process.deps) },
        { appid, tokens: process.manager, security: undefined },
        { ...process.deps, hosts: { send: async ({ path }) => answer(process, path), health: () => [] } },
      )
    } catch {
      if (!process.isAlive) return
      failedCalls += 1
      // A token that another process was fetching when the call began may be replaced before it is written.
      const isReplacedAnew = replacedAtMs >= startedAtMs - fetchTimeoutMs
      if (faults === 0 && !isReplacedAnew) broken.push('a call fails for no reason')
    } finally {
      if (process.clock.monotonic() > deadlineAtMs) broken.push('a call outlasts its deadline')
      unsettled -= 1
    }
  }

  function answer(process: Process, path: string): TransportResponse {
    const token = check(process, path.replace(/.*access_token=/, ''))
    if (isAccepted(token)) return response({ errcode: 0 })
    if (!process.knownDead.has(token)) process.knownDead.set(token, clock.turn())
    return response({ errcode: 40001, errmsg: 'invalid credential' })
  }

  for (let i = 0; i < options.processes; i++) processes.push(start(i))
  const pick = (index: number): Process => processes[index % processes.length] as Process

  return {
    clock,
    broken,
    counts: () => ({ fetches, failedCalls, unsettled, issued }),
    call(index: number) {
      void call(pick(index))
    },
    /** A caller comes late with a token that died long ago. */
    lateRefusal(index: number) {
      const process = pick(index)
      const [old] = process.knownDead.keys()
      if (old === undefined) return
      unsettled += 1
      const wait = { deadlineAtMs: process.clock.monotonic() + 10_000, signal: undefined }
      process.manager
        .refresh(old, wait)
        .then(({ value }) => check(process, value))
        .catch(() => {})
        .finally(() => (unsettled -= 1))
        .catch(() => {})
    },
    force(index: number) {
      const process = pick(index)
      unsettled += 1
      const wait = { deadlineAtMs: process.clock.monotonic() + 10_000, signal: undefined }
      process.manager
        .force(wait)
        .catch(() => {})
        .finally(() => (unsettled -= 1))
        .catch(() => {})
    },
    /** Another program replaces the token. */
    replaceElsewhere() {
      replacedAtMs = clock.nowMs()
      replace()
    },
    setFault(next: Fault) {
      fault = next
      if (next !== 'none') faults += 1
    },
    setFetchDelay(ms: number) {
      fetchDelayMs = ms
      if (ms > fetchTimeoutMs) faults += 1
    },
    setStore(isUp: boolean) {
      storeIsUp = isUp
      if (!isUp) faults += 1
    },
    /** A process is killed, in the middle of whatever it does, and another takes its place. */
    kill(index: number) {
      const at = index % processes.length
      const old = pick(index)
      old.isAlive = false
      old.manager.close()
      faults += 1
      fetching = 0
      processes[at] = start(at)
    },
  }
}

export type FleetModel = ReturnType<typeof createFleetModel>
