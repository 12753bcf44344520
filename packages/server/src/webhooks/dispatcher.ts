import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { WebhookDelivery, WebhookStore } from '../stores/webhook-store.ts'
import type { Deliver } from './deliver.ts'

/** Sends what is due, in every process that runs one: a delivery is claimed by one of them. */
export interface Dispatcher {
  /** Looks again and again. Timers never keep the process alive. */
  start(): void
  /** Sends everything that is due now. For platforms that freeze in between, and for tests. */
  run(): Promise<void>
  /** Ends with the tries that are on the way. */
  stop(): Promise<void>
}

export interface DispatcherParts {
  webhooks: WebhookStore
  /** Turns events into deliveries. */
  fanOut: (signal: AbortSignal) => Promise<void>
  deliver: Deliver
  clock: Clock
  newId: NewId
  logger: Logger
  /** The longest that one try may take, in milliseconds. */
  timeoutMs: number
  /** How much longer than a try a claim lasts: the time to write down how it went. Default is 30000. */
  settleMs?: number | undefined
}

const LOOK_MS = 1000
const AT_ONCE = 16
/** An endpoint that is slow or down must not keep the others waiting. */
const AT_ONCE_EACH = 4
const SETTLE_MS = 30_000

export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { webhooks, deliver, clock, newId, logger, settleMs = SETTLE_MS } = parts
  const stopping = new AbortController()
  const onTheWay = new Map<Promise<void>, { endpointId: string }>()
  let timer: NodeJS.Timeout | undefined

  const claim = (): Promise<WebhookDelivery | undefined> => {
    const sending = new Map<string, number>()
    for (const { endpointId } of onTheWay.values()) {
      sending.set(endpointId, (sending.get(endpointId) ?? 0) + 1)
    }
    const nowMs = clock.now()
    return webhooks.claimDue({
      owner: newId(nowMs),
      leaseMs: parts.timeoutMs + settleMs,
      nowMs,
      exceptEndpoints: [...sending].flatMap(([id, count]) => (count >= AT_ONCE_EACH ? [id] : [])),
    })
  }

  const attempt = async (delivery: WebhookDelivery): Promise<void> => {
    try {
      await deliver.attempt(delivery)
    } catch (err) {
      // The claim runs out, and then it is tried again.
      logger.warn({ err, delivery: delivery.id }, 'a webhook could not be sent or written down')
    }
  }

  const claimAll = async (): Promise<void> => {
    if (!(await webhooks.hasDue(clock.now()))) return
    while (onTheWay.size < AT_ONCE && !stopping.signal.aborted) {
      const delivery = await claim()
      if (!delivery) return
      const run = attempt(delivery).finally(() => {
        onTheWay.delete(run)
        // What has ended may have been in the way of the next.
        void claims()
      })
      onTheWay.set(run, delivery)
    }
  }

  const patient = (work: () => Promise<void>) => async () => {
    try {
      await work()
    } catch (err) {
      logger.warn({ err }, 'webhooks wait: the database cannot be used right now')
    }
  }
  const claims = oneAtATime(patient(claimAll))
  const fanOut = oneAtATime(patient(() => parts.fanOut(stopping.signal)))
  const look = async () => {
    if (stopping.signal.aborted) return
    await fanOut()
    await claims()
  }

  return {
    start: () => {
      timer ??= setInterval(() => void look(), LOOK_MS)
      timer.unref()
    },
    run: async () => {
      await look()
      while (!stopping.signal.aborted) {
        // A try that has ended has had a look begun for what it was in the way of; only when that is over too is all sent.
        const looking = claims.current()
        if (!looking && onTheWay.size === 0) return
        await (looking ?? Promise.race(onTheWay.keys()))
      }
    },
    stop: async () => {
      clearInterval(timer)
      stopping.abort()
      await Promise.all([fanOut.current(), claims.current()])
      await Promise.all(onTheWay.keys())
    },
  }
}

interface Single {
  /** Runs after the run that is under way, which may have looked too early; callers meanwhile share that next one. */
  (): Promise<void>
  /** The run that is under way. */
  current(): Promise<void> | undefined
}

/** Runs work one at a time. */
function oneAtATime(work: () => Promise<void>): Single {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = () => {
    const run = work().finally(() => {
      if (running === run) running = undefined
    })
    running = run
    return run
  }
  const call = () => {
    if (!running) return start()
    next ??= running.then(() => {
      next = undefined
      return start()
    })
    return next
  }
  return Object.assign(call, { current: () => next ?? running })
}
