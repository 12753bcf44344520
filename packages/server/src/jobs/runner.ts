import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { JobRecord, JobStore } from '../stores/job-store.ts'
import type { Job } from './job.ts'

/** A process that dies with a job gives it to another after this time; one that lives renews at a third of it. */
const LEASE_MS = 30_000
const FIRST_RETRY_MS = 5000
const LONGEST_RETRY_MS = 600_000
/** How often a process looks whether a job is due. One indexed update a job, in every process. */
const LOOK_MS = 5000

export interface JobRunner {
  /** Starts looking for due jobs. Timers never keep the process alive. */
  start(): void
  /** Runs a job now, due or not, unless another process has it. For platforms that freeze in between, and for tests. */
  runNow(name: string): Promise<void>
  /** Asks running jobs to end and waits until they have. */
  stop(): Promise<void>
  list(): Promise<JobRecord[]>
  /** The jobs of this program. */
  readonly names: readonly string[]
}

export interface JobRunnerParts {
  jobs: readonly Job[]
  store: JobStore
  clock: Clock
  logger: Logger
  /** Names this process. */
  owner: string
  random?: () => number
  lookMs?: number
  leaseMs?: number
}

/** Runs every job in one process at a time, in whichever process gets it, and keeps what went wrong visible. */
export function createJobRunner(parts: JobRunnerParts): JobRunner {
  const { store, clock, owner, random = Math.random, lookMs = LOOK_MS, leaseMs = LEASE_MS } = parts
  const stopping = new AbortController()
  const running = new Map<string, Promise<void>>()
  let timer: NodeJS.Timeout | undefined

  /** One read for all jobs; only those that look due are claimed, where the database's clock decides. */
  const look = async (): Promise<void> => {
    try {
      const known = await store.list()
      const missing = parts.jobs.filter(({ name }) => !known.some((job) => job.name === name))
      await store.ensure(missing.map(({ name }) => name))
      const waiting = new Set(known.filter(({ nextAtMs }) => nextAtMs > clock.now()).map(({ name }) => name))
      for (const job of parts.jobs)
        if (!waiting.has(job.name) && !stopping.signal.aborted) void attempt(job, false)
    } catch (err) {
      parts.logger.warn({ err }, 'the job store cannot be used right now; all jobs wait')
    }
  }

  const attempt = (job: Job, evenIfNotDue: boolean): Promise<void> => {
    const current = running.get(job.name)
    if (current !== undefined) return current
    const run = claimAndRun(job, evenIfNotDue).finally(() => running.delete(job.name))
    running.set(job.name, run)
    return run
  }

  const claimAndRun = async (job: Job, evenIfNotDue: boolean): Promise<void> => {
    const log = parts.logger.child({ job: job.name })
    try {
      const claim = await store.claim({ name: job.name, owner, leaseMs, nowMs: clock.now(), evenIfNotDue })
      if (claim) await hold(job, claim.fence, claim.progress, log)
    } catch (err) {
      log.warn({ err }, 'the job store cannot be used right now; the job waits')
    }
  }

  const hold = async (job: Job, fence: number, progress: string | null, log: Logger): Promise<void> => {
    const lost = new AbortController()
    const renew = async (saved?: { progress: string | null }) => {
      const kept = await store.renew({
        name: job.name,
        fence,
        leaseMs,
        nowMs: clock.now(),
        ...saved,
      })
      if (!kept) lost.abort(new Error(`job ${job.name} was taken over by another process`))
    }
    const beat = setInterval(
      () => void renew().catch((err) => log.warn({ err }, 'lease not renewed')),
      leaseMs / 3,
    )
    beat.unref()
    let error: string | null = null
    let nextInMs = job.everyMs
    try {
      const again = await job.run({
        signal: AbortSignal.any([stopping.signal, lost.signal]),
        progress,
        saveProgress: async (text) => {
          await renew({ progress: text })
          lost.signal.throwIfAborted()
        },
      })
      nextInMs = again ? again.againInMs : jittered(job.everyMs, random)
    } catch (err) {
      log.warn({ err }, 'a job failed; it is tried again')
      error = describe(err)
      nextInMs = await retryInMs(job)
    } finally {
      clearInterval(beat)
    }
    await store.finish({ name: job.name, fence, nowMs: clock.now(), nextInMs, error })
  }

  const retryInMs = async ({ name, everyMs }: Job): Promise<number> => {
    const failures = (await store.list()).find((job) => job.name === name)?.failures ?? 0
    const pause = FIRST_RETRY_MS * 2 ** Math.min(failures, 10)
    return jittered(Math.min(pause, Math.max(everyMs, LONGEST_RETRY_MS)), random)
  }

  return {
    start: () => {
      timer ??= setInterval(() => void look(), lookMs)
      timer.unref()
      void look()
    },
    runNow: async (name) => {
      const job = parts.jobs.find((candidate) => candidate.name === name)
      if (!job) throw new TypeError(`there is no job ${name}`)
      await store.ensure([name])
      await attempt(job, true)
    },
    stop: async () => {
      clearInterval(timer)
      stopping.abort(new Error('the process stops'))
      await Promise.allSettled(running.values())
    },
    list: () => store.list(),
    names: parts.jobs.map(({ name }) => name),
  }
}

/** A tenth more or less, so that processes and jobs that started together do not stay together. */
function jittered(ms: number, random: () => number): number {
  return Math.round(ms * (0.9 + 0.2 * random()))
}

/** What went wrong, without what it was about: an error's text may name a row, its cause's name may not. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error'
  const cause = error.cause instanceof Error ? ` (${error.cause.name}: ${error.cause.message})` : ''
  return `${error.name}: ${error.message}${cause}`.slice(0, 500)
}
