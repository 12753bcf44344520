import { createTokenManager, type TokenManager } from '../src/access-token/manager.ts'
import { guardStore } from '../src/access-token/store-guard.ts'
import { createMemoryTokenStore } from '../src/access-token/stores/memory.ts'
import type { FetchedToken, TokenSource, TokenStore } from '../src/access-token/types.ts'
import { WxApiError, WxTransportError } from '../src/errors/index.ts'
import { createVirtualClock } from './virtual-clock.ts'

const appid = 'wx1234567890abcdef'
const fetchTimeoutMs = 5000
const lifeMs = 7_200_000

interface Process {
  manager: TokenManager
  /** Tokens that this process was told are dead, with the turn in which it was told. */
  readonly knownDead: Map<string, number>
  readonly clock: ReturnType<ReturnType<typeof createVirtualClock>['forHost']>
  isAlive: boolean
}

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
  // Tokens that others than WeChat's own renewal have ended. A process that is two of them behind may find the
  // first in the store and fail with it, as a call is repeated once.
  const replaced = new Set<string>()
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
            replaced.add(current.value)
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
      write: (id, token) => through(() => shared.write(id, token)),
      release: (id, lease) => through(() => shared.release(id, lease)),
      takeForcePermit: (id, rule) => through(() => shared.takeForcePermit(id, rule)),
    }
  }

  function start(index: number): Process {
    const host = clock.forHost(options.skewsMs?.[index] ?? 0)
    const process: Process = { knownDead: new Map(), clock: host, isAlive: true, manager: undefined as never }
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

  /** One API call, as the SDK makes it: at most one repeat. */
  async function call(process: Process): Promise<void> {
    unsettled += 1
    const fail = (token?: string) => {
      failedCalls += 1
      if (faults === 0 && !replaced.has(token ?? '')) broken.push('a call fails for no reason')
    }
    const wait = { deadlineAtMs: process.clock.monotonic() + 10_000, signal: undefined }
    try {
      const first = check(process, (process.manager.peek() ?? (await process.manager.get(wait))).value)
      if (isAccepted(first)) return
      if (!process.knownDead.has(first)) process.knownDead.set(first, clock.turn())
      const second = (await process.manager.refresh(first, wait)).value
      if (!process.isAlive) return
      check(process, second)
      if (!isAccepted(second)) fail(second)
    } catch {
      if (process.isAlive) fail()
    } finally {
      if (process.clock.monotonic() > wait.deadlineAtMs) broken.push('a call outlasts its deadline')
      unsettled -= 1
    }
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
      replaced.add(current.value)
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
