import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseUrlError, readDatabaseUrl } from './database-url.ts'
import { ConfigError, configVariables, loadConfig } from './environment.ts'
import { ensureMasterKey, masterKeyBytes, parseMasterKey } from './master-key.ts'

const key = Buffer.alloc(32, 7)

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return Object.fromEntries(error.problems.map(({ variable, expected }) => [variable, expected]))
  }
  return {}
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      port: 4000,
      databaseUrl: 'sqlite:.haoma/haoma.db',
      apps: [],
      corsOrigins: [],
    })
  })

  it('reads every variable, and counts an empty one as unset', () => {
    expect(
      loadConfig({
        HAOMA_PORT: '80',
        HAOMA_DATABASE_URL: 'sqlite:/var/lib/haoma.db',
        HAOMA_APPS: `wx0000000000000001:${'a'.repeat(32)}:号码: 商城, wx0000000000000002:${'b'.repeat(32)}`,
        HAOMA_WECHAT_HOSTS: 'https://api.weixin.qq.com,http://127.0.0.1:4010',
        HAOMA_MASTER_KEY: key.toString('base64'),
        HAOMA_OLD_MASTER_KEYS: key.toString('base64'),
        HAOMA_CORS_ORIGINS: 'http://localhost:4020,https://h5.example.com',
        HAOMA_ALLOWED_HOSTS: 'login.example.com, [::1]',
        HAOMA_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1',
        HAOMA_REDIS_URL: 'rediss://:pw@redis:6380/1',
        HAOMA_METRICS_TOKEN: 'm'.repeat(16),
        HAOMA_WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8, ::1',
        HAOMA_REALTIME_SPU_ID: '10000099',
        HAOMA_ADMIN_IPS: '10.1.0.0/16',
        HAOMA_ADMIN_LISTEN: '[::1]:4001',
      }),
    ).toEqual({
      port: 80,
      databaseUrl: 'sqlite:/var/lib/haoma.db',
      apps: [
        { appid: 'wx0000000000000001', appSecret: expect.anything(), name: '号码: 商城' },
        { appid: 'wx0000000000000002', appSecret: expect.anything() },
      ],
      wechatHosts: ['https://api.weixin.qq.com', 'http://127.0.0.1:4010'],
      masterKey: expect.anything(),
      oldMasterKeys: [expect.anything()],
      corsOrigins: ['http://localhost:4020', 'https://h5.example.com'],
      allowedHosts: ['login.example.com', '[::1]'],
      trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
      redisUrl: 'rediss://:pw@redis:6380/1',
      metricsToken: expect.anything(),
      webhooks: { allowedNetworks: ['10.0.0.0/8', '::1'] },
      ledger: { realtimeSpuId: '10000099' },
      admin: { ips: ['10.1.0.0/16'] },
      adminListen: { hostname: '::1', port: 4001 },
    })
  })

  it('counts limits in the database only where that is PostgreSQL, and nowhere beside Redis', () => {
    const shared = { HAOMA_LIMITS_IN: 'database' }
    const postgres = { HAOMA_DATABASE_URL: 'postgres://haoma@db/haoma' }
    expect(loadConfig({ ...shared, ...postgres })).toMatchObject({ limitsIn: 'database' })
    expect(problemsOf(shared).HAOMA_LIMITS_IN).toMatch(/需要 PostgreSQL.* \/ must be process/)
    const both = { ...shared, ...postgres, HAOMA_REDIS_URL: 'redis://redis' }
    expect(problemsOf(both).HAOMA_LIMITS_IN).toMatch(/二者取其一/)
    expect(loadConfig({ HAOMA_LIMITS_IN: 'process' })).toMatchObject({ limitsIn: 'process' })
  })

  it('names everything that is wrong at once, in both languages, and repeats no value', () => {
    const env = {
      HAOMA_PORT: 'eighty',
      HAOMA_DATABASE_URL: 'mysql://root:hunter2@db/haoma',
      HAOMA_APPS: `wx0000000000000001:${'a'.repeat(32)},hunter2`,
      HAOMA_OTHER_APPS: 'shop-h5:hunter2',
      HAOMA_WECHAT_HOSTS: 'hunter2',
      HAOMA_MASTER_KEY: 'hunter2',
      HAOMA_OLD_MASTER_KEYS: 'hunter2',
      HAOMA_CORS_ORIGINS: 'https://hunter2.example/',
      HAOMA_ALLOWED_HOSTS: 'https://hunter2.example',
      HAOMA_TRUSTED_PROXIES: '10.0.0.1,hunter2',
      HAOMA_REDIS_URL: 'http://:hunter2@redis',
      HAOMA_LIMITS_IN: 'hunter2',
      HAOMA_METRICS_TOKEN: 'hunter2',
      HAOMA_WEBHOOK_ALLOWED_NETWORKS: 'hunter2/8',
      HAOMA_SMS_PROVIDER: 'hunter2',
      HAOMA_SMS_SECRET_ID: 'hunter2',
      HAOMA_SMS_SECRET_KEY: 'hunter2',
      HAOMA_SMS_SDK_APP_ID: 'hunter2',
      HAOMA_SMS_SIGN_NAME: '【hunter2】',
      HAOMA_SMS_TEMPLATE_ID: 'hunter2',
      HAOMA_SMS_TEMPLATE_PARAMS: 'code,hunter2',
      HAOMA_SMS_TEMPLATE_ID_ABROAD: 'hunter2',
      HAOMA_SMS_COUNTRIES: 'CN,hunter2',
      HAOMA_SMS_BUDGET_A_DAY: 'hunter2',
      HAOMA_SMS_ENDPOINT: 'hunter2',
      HAOMA_REALTIME_SPU_ID: 'hunter2',
      HAOMA_ADMIN_IPS: 'hunter2',
      HAOMA_ADMIN_LISTEN: 'hunter2:0',
    }
    const problems = problemsOf(env)
    expect(Object.keys(problems).sort()).toEqual([...configVariables].sort())
    for (const expected of Object.values(problems)) expect(expected).toMatch(/\p{Script=Han}.* \/ .*must/u)
    expect(() => loadConfig(env)).toThrow(/HAOMA_PORT.*\n.*HAOMA_DATABASE_URL/)
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|eighty/)
    expect(problems.HAOMA_APPS).toContain('第 2 项 / item 2')
  })

  it.each([
    ['4001', { port: 4001 }],
    ['127.0.0.1:4001', { hostname: '127.0.0.1', port: 4001 }],
    ['admin.internal:4001', { hostname: 'admin.internal', port: 4001 }],
  ])('reads %s as where administrators are served', (text, expected) => {
    expect(loadConfig({ HAOMA_ADMIN_LISTEN: text }).adminListen).toEqual(expected)
  })

  it.each(['127.0.0.1', '127.0.0.1:0', '127.0.0.1:65536', '::1:4001', 'http://a:4001'])(
    'does not take %s for an address to listen on',
    (text) => {
      expect(Object.keys(problemsOf({ HAOMA_ADMIN_LISTEN: text }))).toEqual(['HAOMA_ADMIN_LISTEN'])
    },
  )

  it('refuses an appid named twice', () => {
    const app = `wx0000000000000001:${'a'.repeat(32)}`
    expect(problemsOf({ HAOMA_APPS: `${app},${app}` }).HAOMA_APPS).toContain('twice')
  })
})

describe('the way in by SMS', () => {
  const account = {
    HAOMA_SMS_SECRET_ID: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
    HAOMA_SMS_SECRET_KEY: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
    HAOMA_SMS_SIGN_NAME: '号码',
  }
  const tencent = {
    ...account,
    HAOMA_SMS_PROVIDER: 'tencent',
    HAOMA_SMS_SDK_APP_ID: '1400006666',
    HAOMA_SMS_TEMPLATE_ID: '1110',
  }

  it('is read for both providers, and there is none without', () => {
    expect(loadConfig({}).sms).toBeUndefined()
    const abroad = { HAOMA_SMS_TEMPLATE_ID_ABROAD: '1111', HAOMA_SMS_COUNTRIES: 'CN, HK' }
    expect(loadConfig({ ...tencent, ...abroad }).sms).toMatchObject({
      provider: { kind: 'tencent', sdkAppId: '1400006666', signName: '号码', abroad: { templateId: '1111' } },
      countries: ['CN', 'HK'],
    })
    const aliyun = { ...account, HAOMA_SMS_PROVIDER: 'aliyun', HAOMA_SMS_TEMPLATE_ID: 'SMS_154950909' }
    const more = { HAOMA_SMS_TEMPLATE_PARAMS: 'code,minutes', HAOMA_SMS_BUDGET_A_DAY: '0' }
    expect(loadConfig({ ...aliyun, ...more }).sms).toMatchObject({
      provider: { kind: 'aliyun', templateId: 'SMS_154950909', templateParams: ['code', 'minutes'] },
      budgetADay: 0,
    })
  })

  it('names everything that a provider still needs', () => {
    expect(Object.keys(problemsOf({ HAOMA_SMS_PROVIDER: 'tencent' })).sort()).toEqual(
      Object.keys(tencent)
        .filter((name) => name !== 'HAOMA_SMS_PROVIDER')
        .sort(),
    )
    expect(Object.keys(problemsOf(account))).toEqual(['HAOMA_SMS_PROVIDER'])
  })

  it('prints codes in development only', () => {
    const console = { HAOMA_SMS_PROVIDER: 'console' }
    expect(loadConfig(console).sms).toEqual({ provider: { kind: 'console' } })
    expect(problemsOf({ ...console, NODE_ENV: 'production' }).HAOMA_SMS_PROVIDER).toContain('production')
  })
})

describe('the settings, printed', () => {
  it('show no secret', () => {
    const appSecret = 'a1'.repeat(16)
    const config = loadConfig({
      HAOMA_APPS: `wx0000000000000001:${appSecret}`,
      HAOMA_MASTER_KEY: key.toString('base64'),
    })
    const printed = `${inspect(config, { depth: null, showHidden: true })}${JSON.stringify(config)}`
    expect(printed).not.toContain(appSecret)
    expect(printed).not.toContain(key.toString('base64'))
    expect(config.apps).toMatchObject([{ appSecret: { reveal: expect.any(Function) } }])
    expect(masterKeyBytes(config.masterKey ?? '')).toEqual(key)
  })
})

describe('readDatabaseUrl', () => {
  it.each([
    ['sqlite:a/b.db', 'a/b.db'],
    ['sqlite:/var/b.db', '/var/b.db'],
    ['sqlite:///var/b.db', '/var/b.db'],
    ['sqlite://./b.db', './b.db'],
    ['file:/var/b.db', '/var/b.db'],
    ['sqlite::memory:', ':memory:'],
    [':memory:', ':memory:'],
    ['./b.db', './b.db'],
  ])('reads %s as %s', (url, path) => {
    expect(readDatabaseUrl(url)).toEqual({ kind: 'sqlite', path })
  })

  it.each(['postgres://u:p@h:5432/d', 'postgresql://u@h/d?sslmode=verify-full', 'postgres://%2Fvar%2Frun/d'])(
    'hands %s to PostgreSQL as it is',
    (url) => {
      expect(readDatabaseUrl(url)).toEqual({ kind: 'postgres', url })
    },
  )

  it.each([
    'sqlite://data/haoma.db',
    'sqlite:',
    'sqlite:haoma.db?mode=ro',
    './haoma.db#x',
    'postgres://u:hunter2@h',
    'mysql://root:hunter2@db/haoma',
  ])('refuses %s in both languages, and repeats nothing of it', (url) => {
    expect(() => readDatabaseUrl(url)).toThrow(DatabaseUrlError)
    expect(() => readDatabaseUrl(url)).toThrow(/\p{Script=Han}.* \/ must/su)
    expect(() => readDatabaseUrl(url)).not.toThrow(/hunter2/)
  })
})

describe('HAOMA_OLD_MASTER_KEYS', () => {
  const [one, two] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')]

  it('is a list of keys, and no bad one is repeated', () => {
    const { oldMasterKeys } = loadConfig({ HAOMA_OLD_MASTER_KEYS: `${one}, ${two}` })
    expect(oldMasterKeys?.map((key) => key.reveal())).toEqual([one, two])
    const bad = () => loadConfig({ HAOMA_OLD_MASTER_KEYS: `${one},not-a-key` })
    expect(bad).toThrow('HAOMA_OLD_MASTER_KEYS')
    expect(bad).not.toThrow('not-a-key')
  })
})

describe('ensureMasterKey', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'haoma-key-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('makes a key once, which only its owner may read', () => {
    const path = join(folder, 'deep', 'master.key')
    const made = ensureMasterKey(path)
    expect(made).toHaveLength(32)
    expect(ensureMasterKey(path)).toEqual(made)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(parseMasterKey(readFileSync(path, 'utf8'))).toEqual(made)
  })

  it('refuses a key that others may read, and says what to run', () => {
    const path = join(folder, 'master.key')
    ensureMasterKey(path)
    chmodSync(path, 0o640)
    expect(() => ensureMasterKey(path)).toThrow(/chmod 600/)
  })

  it('refuses a file that holds something else, and leaves it as it is', () => {
    const path = join(folder, 'master.key')
    writeFileSync(path, 'not a key', { mode: 0o600 })
    expect(() => ensureMasterKey(path)).toThrow(/is not a master key/)
    expect(readFileSync(path, 'utf8')).toBe('not a key')
  })
})
