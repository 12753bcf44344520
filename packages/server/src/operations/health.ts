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
  ready: boolean
  checks: Check[]
}

export interface HealthService {
  /** Whether a login could be served now: the database answers, and each app gets an access token. */
  readiness(): Promise<Readiness>
}

export interface HealthServiceParts {
  db: Database
  wechat: WeChat
  appids: readonly string[]
  clock: Clock
  timeoutMs: number
}

interface Probe {
  name: Check['name']
  appid?: string
  run(): Promise<void>
  explain(error: unknown): Text
}

/** Readiness asked again within this time is answered from the last round. */
const FRESH_MS = 1000

export function createHealthService({
  db,
  wechat,
  appids,
  clock,
  timeoutMs,
}: HealthServiceParts): HealthService {
  const probes: Probe[] = [
    { name: 'database', run: () => db.ping(clock.now()), explain: () => databaseText },
    ...appids.map((appid) => ({
      name: 'wechat' as const,
      appid,
      run: async () => {
        await wechat.app(appid).getAccessToken({ timeoutMs })
      },
      explain: explainWeChat,
    })),
  ]
  const sinceMs = new Map<Probe, { ok: boolean; atMs: number }>()
  let last: { atMs: number; readiness: Promise<Readiness> } | undefined

  const check = async (probe: Probe): Promise<Check> => {
    const failure = await probe.run().then(
      () => undefined,
      (error: unknown) => ({ detail: probe.explain(error) }),
    )
    const ok = failure === undefined
    const before = sinceMs.get(probe)
    const atMs = before?.ok === ok ? before.atMs : clock.now()
    sinceMs.set(probe, { ok, atMs })
    return {
      name: probe.name,
      ...(probe.appid !== undefined && { appid: probe.appid }),
      ok,
      since: new Date(atMs).toISOString(),
      ...failure,
    }
  }

  const checkAll = async (): Promise<Readiness> => {
    const checks = await Promise.all(probes.map(check))
    return { ready: checks.every(({ ok }) => ok), checks }
  }

  return {
    readiness: () => {
      const nowMs = clock.now()
      if (!last || nowMs - last.atMs >= FRESH_MS) last = { atMs: nowMs, readiness: checkAll() }
      return last.readiness
    },
  }
}

const databaseText: Text = {
  zh: '数据库不可用，登录暂停服务；恢复后自动继续。请检查 HAOMA_DATABASE_URL、磁盘空间和文件权限。',
  en: 'The database does not answer, logins wait; they go on by themselves when it is back. Check HAOMA_DATABASE_URL, disk space and file permissions.',
}

function explainWeChat(error: unknown): Text {
  if (!isWxError(error)) {
    return { zh: '获取 access_token 时发生内部错误。', en: 'Fetching an access token failed unexpectedly.' }
  }
  const number = 'errcode' in error ? ` (errcode ${error.errcode})` : ''
  return { zh: `${error.texts.zh}${number}`, en: `${error.texts.en}${number}` }
}
