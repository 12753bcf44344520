import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { PoolUse } from '../stores/database.ts'
import type { JobRecord } from '../stores/job-store.ts'

/** What this process counts, for Prometheus. Labels name kinds of things, never a member, a number or a code. */
export interface Metrics {
  /** Counts and times the calls of one way to sign in: its outcome is `ok` or the code of the error. */
  loginBy<Args extends unknown[], T>(
    way: string,
    work: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T>
  codeEnded(code: { kind: string; state: string; reason: string | null }): void
  /** @param outcome - `ok`, or the name of the error. */
  transactionEnded(outcome: string, seconds: number): void
  /** @param outcome - `sent`, `unknown`, or why the provider refused. */
  smsSent(provider: string, outcome: string): void
  limitRefused(limit: string): void
  limitsShared(isUp: boolean): void
  /** The text of `/metrics`, and its type. */
  render(): Promise<{ text: string; contentType: string }>
  close(): void
}

export interface MetricsParts {
  clock: Clock
  version: string
  /** Asked when metrics are read. */
  jobs: () => Promise<JobRecord[]>
  /** `undefined` for a database without a pool. */
  pool: (() => PoolUse) | undefined
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface WeChatResponse {
  path: string
  durationMs: number
  error: { code: string } | undefined
}

/** A registry of its own: several services in one process, and the application around one, keep theirs. */
export function createMetrics(parts: MetricsParts): Metrics {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  const counter = <const Name extends string>(name: string, help: string, ...labelNames: Name[]) =>
    new Counter({ name, help, labelNames, registers })
  const gauge = <const Name extends string>(name: string, help: string, ...labelNames: Name[]) =>
    new Gauge({ name, help, labelNames, registers })
  const histogram = <const Name extends string>(name: string, help: string, ...labelNames: Name[]) =>
    new Histogram({ name, help, labelNames, buckets: SECONDS, registers })

  gauge('haoma_build_info', 'The version that runs', 'version').set({ version: parts.version }, 1)
  const logins = counter('haoma_logins_total', 'Sign-ins by way and outcome', 'way', 'outcome')
  const loginSeconds = histogram('haoma_login_seconds', 'Time of a sign-in', 'way')
  const codes = counter('haoma_codes_ended_total', "WeChat's codes by their end", 'kind', 'end', 'reason')
  const transactions = histogram('haoma_database_transaction_seconds', 'Time of a transaction', 'outcome')
  const wechat = histogram('haoma_wechat_seconds', 'Time of a call to WeChat', 'path', 'outcome')
  const tokenAge = gauge('haoma_token_age_seconds', 'Since this process got the access token it has', 'appid')
  const tokenFailures = counter('haoma_token_failures_total', 'Access tokens that could not be had', 'appid')
  const smsSent = counter('haoma_sms_total', 'Codes by SMS by provider and outcome', 'provider', 'outcome')
  const refused = counter('haoma_limits_refused_total', 'Requests that were made to wait', 'limit')
  const shared = gauge(
    'haoma_limits_shared',
    '1 while processes count limits together, 0 while Redis or PostgreSQL is away for that',
  )
  const connections = gauge('haoma_database_connections', 'Connections of the pool', 'state')
  const jobFailures = gauge('haoma_job_failures', 'Failures in a row of a job, 0 when it went well', 'job')
  const jobAge = gauge('haoma_job_age_seconds', 'Since a job last ended', 'job')

  const tokensAtMs = new Map<string, number>()
  const listeners: Record<string, (message: unknown) => void> = {
    'haoma.wechat.response': (message) => {
      const { path, durationMs, error } = message as WeChatResponse
      wechat.observe({ path, outcome: error?.code ?? 'ok' }, durationMs / 1000)
    },
    'haoma.wechat.token.refreshed': (message) => {
      tokensAtMs.set((message as { appid: string }).appid, parts.clock.now())
    },
    'haoma.wechat.token.refresh-failed': (message) => {
      tokenFailures.inc({ appid: (message as { appid: string }).appid })
    },
  }
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener)

  const look = async () => {
    const nowMs = parts.clock.now()
    for (const [appid, atMs] of tokensAtMs) tokenAge.set({ appid }, (nowMs - atMs) / 1000)
    const pool = parts.pool?.()
    if (pool) for (const [state, count] of Object.entries(pool)) connections.set({ state }, count)
    // Metrics are wanted most when the database is away.
    for (const { name, failures, finishedAtMs } of await parts.jobs().catch(() => [])) {
      jobFailures.set({ job: name }, failures)
      if (finishedAtMs !== null) jobAge.set({ job: name }, (nowMs - finishedAtMs) / 1000)
    }
  }

  return {
    loginBy:
      (way, work) =>
      async (...args) => {
        const end = loginSeconds.startTimer({ way })
        try {
          const result = await work(...args)
          logins.inc({ way, outcome: 'ok' })
          return result
        } catch (error) {
          logins.inc({ way, outcome: outcomeOf(error) })
          throw error
        } finally {
          end()
        }
      },
    codeEnded: ({ kind, state, reason }) => codes.inc({ kind, end: state, reason: reason ?? '' }),
    transactionEnded: (outcome, seconds) => transactions.observe({ outcome }, seconds),
    smsSent: (provider, outcome) => smsSent.inc({ provider, outcome }),
    limitRefused: (limit) => refused.inc({ limit }),
    limitsShared: (isUp) => shared.set(isUp ? 1 : 0),
    render: async () => {
      await look()
      return { text: await registry.metrics(), contentType: registry.contentType }
    },
    close: () => {
      for (const [name, listener] of Object.entries(listeners)) unsubscribe(name, listener)
    },
  }
}

function outcomeOf(error: unknown): string {
  if (error instanceof HaomaError) return error.code
  return error instanceof Error && error.name.startsWith('Store') ? 'STORE_UNAVAILABLE' : 'INTERNAL'
}
