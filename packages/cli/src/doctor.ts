import { randomBytes } from 'node:crypto'
import {
  ConfigError,
  examineDatabase,
  examineMasterKey,
  examineRedis,
  type OpenApps,
  openApps,
} from '@haoma/server'
import { defineCommand } from 'citty'
import { type Beside, besideService, isNewDatabase, ownDatabase, within } from './beside.ts'
import { readEnvironment } from './environment.ts'
import { explain } from './failure.ts'
import { readSettings, type Settings } from './settings.ts'
import { table } from './table.ts'

/** One thing that was looked at, and what to do about it. */
interface Finding {
  name: string
  /** Of which app. */
  appid?: string
  state: 'ok' | 'warn' | 'fail'
  text: { zh: string; en: string }
}

/** `haoma doctor`: looks at everything that a service needs, changes nothing that is anybody's, and prints no secret. */
export const doctor = defineCommand({
  meta: {
    name: 'doctor',
    description:
      '检查设置、数据库、主密钥、Redis 和每个小程序，并说明怎么办 · Check settings, database, master key, Redis and every app, and say what to do',
  },
  args: { json: { type: 'boolean', description: '输出 JSON · Print JSON' } },
  run: async ({ args }) => {
    const checks = await examine()
    const isOk = checks.every(({ state }) => state !== 'fail')
    if (args.json) console.log(JSON.stringify({ isOk, checks }, null, 2))
    else console.log(table(checks.map(row)))
    if (!isOk) process.exitCode = 1
  },
})

async function examine(): Promise<Finding[]> {
  let settings: Settings
  try {
    settings = readSettings(readEnvironment(process.cwd()))
  } catch (error) {
    return settingsFailures(error)
  }
  const readable = ok('settings', '环境变量和 .env 可用。', 'Environment and .env make sense.')
  const beside = await besideService().catch((error: unknown) => ({ error }))
  if ('error' in beside) {
    // The settings are read; what is left is a plan that makes no sense, or a database that cannot be opened.
    const name = isNewDatabase(settings.databaseUrl) ? 'settings' : 'database'
    return [
      ...(name === 'settings' ? [] : [readable]),
      failure(name, beside.error),
      ...(await examineRedisOf(settings)),
      ...(await examineApps(settings, isolated)),
    ]
  }
  const stored = await examineStored(beside)
  const isUsable = stored.every((found) => found.state !== 'fail' && found !== unstarted)
  return [
    readable,
    ...stored,
    ...(await examineRedisOf(settings)),
    ...(beside.wechat === 'wechat'
      ? await examineApps(settings, isUsable ? ownDatabase(settings) : isolated)
      : [withoutApps[beside.wechat]]),
  ]
}

async function examineStored({ database }: Beside): Promise<Finding[]> {
  if (isNewDatabase(database.databaseUrl)) return [unstarted]
  try {
    const { kind, version, schema } = await examineDatabase(database)
    const about = `${kind} ${version} · ${schema}`
    const found = ok(
      'database',
      `可以写入，结构已是最新：${about}`,
      `Can be written and is up to date: ${about}`,
    )
    return [found, await examineMasterKeyOf(database)]
  } catch (error) {
    return [failure('database', error)]
  }
}

async function examineMasterKeyOf(database: Beside['database']): Promise<Finding> {
  try {
    const found = await examineMasterKey(database)
    if (!found) return unstarted
    const { fingerprint, oldKeys } = found
    if (oldKeys === 0) {
      return ok(
        'master-key',
        `与数据库匹配，指纹 ${fingerprint}。`,
        `Fits the database; fingerprint ${fingerprint}.`,
      )
    }
    return warn(
      'master-key',
      `指纹 ${fingerprint}，还配置着 ${oldKeys} 把旧密钥：运行 haoma rekey，完成后移除它们。`,
      `Fingerprint ${fingerprint}; ${oldKeys} old keys are still configured. Run haoma rekey, then remove them.`,
    )
  } catch (error) {
    return failure('master-key', error)
  }
}

async function examineRedisOf({ redisUrl }: Settings): Promise<Finding[]> {
  if (redisUrl === undefined) return []
  try {
    await examineRedis(redisUrl)
    return [ok('redis', 'Redis 可用。', 'Redis answers.')]
  } catch (error) {
    const { zh, en } = textOf(error)
    return [
      fail(
        'redis',
        `Redis 不可用，限流由各进程各自计数；请检查 HAOMA_REDIS_URL：${zh}`,
        `Redis cannot be used, so each process counts limits for itself. Check HAOMA_REDIS_URL: ${en}`,
      ),
    ]
  }
}

/** Apps of the environment are checked also where no database can be used: on one in memory, under a key of the moment. */
const isolated = { databaseUrl: 'sqlite::memory:', masterKey: randomBytes(32) }

async function examineApps(
  { apps, wechatHosts }: Settings,
  database: Parameters<typeof openApps>[0],
): Promise<Finding[]> {
  const options = { ...database, apps, ...(wechatHosts && { wechatHosts }) }
  return within(openApps(options), async (calls) => {
    const on = calls.list().filter(({ kind, isEnabled }) => kind === 'mp-weixin' && isEnabled)
    return (await Promise.all(on.map(({ appid }) => examineApp(calls, appid)))).flat()
  })
}

async function examineApp(calls: OpenApps, appid: string): Promise<Finding[]> {
  try {
    const { items = [] } = (await calls.check(appid)) ?? {}
    // Nothing is wrong with the app as far as anyone knows, and yet there is no token: WeChat is out of reach.
    const isAway = items.every(({ state }) => state !== 'failed')
    return items.map(({ name, state, text }) => ({
      name,
      appid,
      state: name === 'secret' && state === 'unknown' && isAway ? 'fail' : stateOf[state],
      text,
    }))
  } catch (error) {
    return [{ ...failure('secret', error), appid }]
  }
}

const stateOf = { ok: 'ok', warning: 'warn', failed: 'fail', unknown: 'warn' } as const

const finding =
  (state: Finding['state']) =>
  (name: string, zh: string, en: string): Finding => ({ name, state, text: { zh, en } })
const [ok, warn, fail] = [finding('ok'), finding('warn'), finding('fail')]

/** Nothing is to be opened then: that would make database or master key, in the place of the service. */
const unstarted = warn(
  'start',
  '还没有启动过：haoma start 会建立数据库和主密钥。',
  'Not started yet: haoma start makes database and master key.',
)

const withoutApps = {
  simulator: warn(
    'apps',
    '还没有应用，使用的是模拟器：haoma app add APPID 添加。',
    'No apps yet, so the simulator is played: haoma app add APPID adds one.',
  ),
  none: warn('apps', '还没有应用：haoma app add APPID 添加。', 'No apps yet: haoma app add APPID adds one.'),
}

/** A line for each variable, which names what is expected and never what is there. */
function settingsFailures(error: unknown): Finding[] {
  if (!(error instanceof ConfigError)) return [failure('settings', error)]
  return error.problems.map(({ variable, expected }) => {
    const { zh, en } = paired(expected)
    return fail('settings', `${variable}: ${zh}`, `${variable}: ${en}`)
  })
}

const failure = (name: string, error: unknown): Finding => ({ name, state: 'fail', text: textOf(error) })

function textOf(error: unknown): Finding['text'] {
  const explained = explain(error)
  if (typeof explained === 'string') return paired(explained.trim())
  return paired(error instanceof Error ? error.message : String(error))
}

/** Texts for people come as two lines, or as two halves of one; whatever else it is stands for both languages. */
function paired(text: string): Finding['text'] {
  const [zh = text, en = zh, ...rest] = text.split(/\n|(?: |(?<=[。？]))\/ /)
  return rest.length === 0 ? { zh, en } : { zh: text, en: text }
}

const marks: Record<Finding['state'], string> = { ok: '✓ ok', warn: '! warn', fail: '✗ fail' }

const row = ({ name, appid, state, text }: Finding) => ({
  label: appid === undefined ? name : `${appid} ${name}`,
  value: marks[state],
  note: text.zh === text.en ? text.zh : `${text.zh} · ${text.en}`,
})
