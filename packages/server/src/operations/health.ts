import type { Text } from '@haoma/protocol'
import { isWxError, type WeChat } from '@haoma/wechat'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../stores/database.ts'

export interface Check {
  name: 'database' | 'wechat'
  /** Which app, for a check of WeChat. */
  appid?: string
  ok: boolean
  /** Since when it has been as it is, as far as this process saw. */
  since: string
  /** What is missing and what to do; absent when all is well. */
  detail?: Text
}

export interface Readiness {
  /** Whether this process should get requests: the database can be written, and the process is not about to stop. */
  ready: boolean
  draining: boolean
}

export interface Diagnosis extends Readiness {
  /** Something is wrong that another process would not do better: an app has a wrong secret, or WeChat is away. */
  degraded: boolean
  checks: Check[]
}

export interface HealthService {
  readiness(): Promise<Readiness>
  /** {@link HealthService.readiness} with everything an operator wants to know; asks WeChat for tokens. */
  diagnosis(): Promise<Diagnosis>
  /** Not ready any more, for good. */
  drain(): void
}

export interface HealthServiceParts {
  db: Database
  wechat: WeChat
  /** Mini programs that are asked about. */
  listAppids(): readonly string[]
  clock: Clock
  /** Longest wait for one check. */
  timeoutMs: number
}

interface Probe {
  name: Check['name']
  appid?: string
  run(): Promise<void>
  explain(error: unknown): Text
}

/** What is asked again within this time is answered from the last look. */
const FRESH_MS = 1000

export function createHealthService({
  db,
  wechat,
  listAppids,
  clock,
  timeoutMs,
}: HealthServiceParts): HealthService {
  const database: Probe = {
    name: 'database',
    run: () => db.ping(clock.now()),
    explain: () => databaseText,
  }
  const probes = new Map<string, Probe>()
  const probeOf = (appid: string): Probe => {
    const probe = probes.get(appid) ?? {
      name: 'wechat',
      appid,
      run: async () => {
        await wechat.app(appid).getAccessToken({ timeoutMs })
      },
      explain: explainWeChat,
    }
    probes.set(appid, probe)
    return probe
  }
  const looks = new Map<Probe, { atMs: number; check: Promise<Check> }>()
  const since = new Map<Probe, { ok: boolean; atMs: number }>()
  let isDraining = false

  const run = async (probe: Probe): Promise<Check> => {
    const failure = await withinTime(probe.run(), timeoutMs).then(
      () => undefined,
      (error: unknown) => ({ detail: probe.explain(error) }),
    )
    const ok = failure === undefined
    const before = since.get(probe)
    const atMs = before?.ok === ok ? before.atMs : clock.now()
    since.set(probe, { ok, atMs })
    return {
      name: probe.name,
      ...(probe.appid !== undefined && { appid: probe.appid }),
      ok,
      since: new Date(atMs).toISOString(),
      ...failure,
    }
  }

  const look = (probe: Probe): Promise<Check> => {
    const nowMs = clock.now()
    const last = looks.get(probe)
    if (last && nowMs - last.atMs < FRESH_MS) return last.check
    const check = run(probe)
    looks.set(probe, { atMs: nowMs, check })
    return check
  }

  return {
    readiness: async () => {
      const { ok } = await look(database)
      return { ready: ok && !isDraining, draining: isDraining }
    },
    diagnosis: async () => {
      const checks = await Promise.all([database, ...listAppids().map(probeOf)].map(look))
      const [{ ok }, ...others] = checks as [Check, ...Check[]]
      return {
        ready: ok && !isDraining,
        draining: isDraining,
        degraded: others.some((check) => !check.ok),
        checks,
      }
    },
    drain: () => {
      isDraining = true
    },
  }
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms)
    timer.unref()
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const databaseText: Text = {
  zh: '数据库无法写入，登录暂停服务；恢复后自动继续。请检查 HAOMA_DATABASE_URL、磁盘空间和文件权限。',
  en: 'The database cannot be written, logins wait; they go on by themselves when it is back. Check HAOMA_DATABASE_URL, disk space and file permissions.',
}

function explainWeChat(error: unknown): Text {
  if (!isWxError(error)) {
    return { zh: '获取 access_token 时发生内部错误。', en: 'Fetching an access token failed unexpectedly.' }
  }
  const number = 'errcode' in error ? ` (errcode ${error.errcode})` : ''
  return { zh: `${error.texts.zh}${number}`, en: `${error.texts.en}${number}` }
}
