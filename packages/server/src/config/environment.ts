import { createSecret, type Secret } from '@haoma/wechat'
import { z } from 'zod'
import { addressList } from '../guards/client-address.ts'
import { type ConfiguredApp, defaults } from '../options.ts'
import type { SmsOptions } from '../ways/sms/policy.ts'
import { readApp, readAppWithoutWeChat, trimPasted } from './app-list.ts'
import { DatabaseUrlError, readDatabaseUrl } from './database-url.ts'
import { parseMasterKey } from './master-key.ts'
import { smsMisfits, smsOptionsOf, smsVariables } from './sms-settings.ts'

/** The settings of one deployment, as the environment gives them. Ready to be handed to `serve`. */
export interface Config {
  port: number
  databaseUrl: string
  /** Without a mini program among them the caller uses the simulator. */
  apps: ConfiguredApp[]
  wechatHosts?: string[]
  /** 32 bytes in base64. */
  masterKey?: Secret
  /** Keys of before, which open what they sealed. */
  oldMasterKeys?: Secret[]
  corsOrigins: string[]
  allowedHosts?: string[]
  trustedProxies?: string[]
  redisUrl?: string
  limitsIn?: 'process' | 'database'
  metricsToken?: Secret
  webhooks?: { allowedNetworks: string[] }
  sms?: SmsOptions
  ledger?: { realtimeSpuId: string }
  admin?: { ips: string[] }
  adminListen?: { port: number; hostname?: string }
}

/** The environment is not valid. `message` names every bad variable and what is expected, in zh and en. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: { variable: string; expected: string }[]

  constructor(problems: { variable: string; expected: string }[]) {
    const lines = problems.map(({ variable, expected }) => `  ${variable}: ${expected}`)
    super(['环境变量配置有误 / The environment is not valid:', ...lines].join('\n'))
    this.problems = problems
  }
}

const port = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535, {
      error: '应为 1 到 65535 的整数 / must be a whole number from 1 to 65535',
    })
    .transform(Number)

/** Splits a comma-separated list; `read` gives the item or says what is wrong with it. */
const list = <T>(read: (item: string) => T | { wrong: string }) =>
  z.string().transform((text, context) => {
    const items: T[] = []
    for (const [index, part] of text.split(',').entries()) {
      const item = read(part.trim())
      if (typeof item === 'object' && item !== null && 'wrong' in item) {
        context.addIssue({ code: 'custom', message: `第 ${index + 1} 项 / item ${index + 1}: ${item.wrong}` })
      } else {
        items.push(item)
      }
    }
    return items
  })

const namedOnce = <App extends { appid: string }>(read: (item: string) => App | { wrong: string }) =>
  list(read).refine((found) => new Set(found.map(({ appid }) => appid)).size === found.length, {
    error: '同一个 appid 出现了两次 / an appid is named twice',
  })

const hosts = list((item): string | { wrong: string } => {
  const url = URL.canParse(item) ? new URL(item) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.search) return item
  return { wrong: '应为 http(s)://主机[:端口] / must be http(s)://host[:port]' }
})

const origins = list((item): string | { wrong: string } => {
  if (item === '*' || (URL.canParse(item) && new URL(item).origin === item)) return item
  return {
    wrong:
      '应为 * 或来源，如 https://h5.example.com，末尾不带 / / must be * or an origin such as https://h5.example.com, with no slash at the end',
  }
})

const hostNames = list((item): string | { wrong: string } => {
  const name = trimPasted(item).toLowerCase()
  if (/^(?:\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/.test(name)) return name
  return {
    wrong:
      '应为不带协议和端口的主机名，如 login.example.com / must be a host name such as login.example.com, without scheme and port',
  }
})

const networks = list((item): string | { wrong: string } => {
  try {
    addressList([item])
    return item
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { wrong: error.message }
  }
})

/** `127.0.0.1:4001`, `[::1]:4001`, or a port alone. */
const listenAddress = z.string().transform((text, context) => {
  const [, hostname, digits] = /^(?:(\[[0-9a-f:.]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(text.trim()) ?? []
  const port = Number(digits)
  if (port >= 1 && port <= 65_535) {
    return { port, ...(hostname && { hostname: hostname.replace(/^\[|\]$/g, '') }) }
  }
  const message = '应为 地址:端口，如 127.0.0.1:4001 / must be an address and a port, such as 127.0.0.1:4001'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const redisUrl = z
  .string()
  .refine((text) => URL.canParse(text) && ['redis:', 'rediss:'].includes(new URL(text).protocol), {
    error: '应为 redis://主机:端口 或 rediss://（TLS） / must be redis://host:port, or rediss:// for TLS',
  })

const metricsToken = z
  .string()
  .regex(/^[!-~]{16,}$/, {
    error: '应为至少 16 个可见字符，不含空格 / must be at least 16 visible characters without spaces',
  })
  .transform((text) => createSecret(text))

const databaseUrl = z
  .string()
  .default(defaults.databaseUrl)
  .superRefine((url, context) => {
    try {
      readDatabaseUrl(url)
    } catch (error) {
      if (!(error instanceof DatabaseUrlError)) throw error
      context.addIssue({ code: 'custom', message: error.message })
    }
  })

const readMasterKey = (text: string): Secret | { wrong: string } =>
  parseMasterKey(text)
    ? createSecret(text.trim())
    : {
        wrong:
          '应为 32 字节的 base64，可用 openssl rand -base64 32 生成 / must be 32 bytes in base64; make one with openssl rand -base64 32',
      }

const masterKey = z.string().transform((text, context) => {
  const key = readMasterKey(text)
  if (!('wrong' in key)) return key
  context.addIssue({ code: 'custom', message: key.wrong })
  return z.NEVER
})

const spuId = z.string().regex(/^\d{1,20}$/, {
  error: '应为微信的商品编号，全是数字 / must be the number of a product of WeChat, digits only',
})

const environment = z.object({
  HAOMA_PORT: port(defaults.port),
  HAOMA_DATABASE_URL: databaseUrl,
  HAOMA_APPS: namedOnce(readApp).default([]),
  HAOMA_OTHER_APPS: namedOnce(readAppWithoutWeChat).default([]),
  HAOMA_WECHAT_HOSTS: hosts.optional(),
  HAOMA_MASTER_KEY: masterKey.optional(),
  HAOMA_OLD_MASTER_KEYS: list(readMasterKey).optional(),
  HAOMA_CORS_ORIGINS: origins.default([]),
  HAOMA_ALLOWED_HOSTS: hostNames.optional(),
  HAOMA_TRUSTED_PROXIES: networks.optional(),
  HAOMA_REDIS_URL: redisUrl.optional(),
  HAOMA_LIMITS_IN: z
    .enum(['process', 'database'], {
      error: '应为 process 或 database / must be process or database',
    })
    .optional(),
  HAOMA_METRICS_TOKEN: metricsToken.optional(),
  HAOMA_WEBHOOK_ALLOWED_NETWORKS: networks.optional(),
  ...z.object(smsVariables).partial().shape,
  HAOMA_REALTIME_SPU_ID: spuId.optional(),
  HAOMA_ADMIN_IPS: networks.optional(),
  HAOMA_ADMIN_LISTEN: listenAddress.optional(),
})

export type ConfigVariable = keyof typeof environment.shape

/** The names of all variables that {@link loadConfig} reads. */
export const configVariables = Object.keys(environment.shape)

/**
 * Reads and checks the environment. An empty value counts as unset. Nothing is read from elsewhere, and no
 * value is ever repeated in an error.
 *
 * @param env - Such as `process.env`.
 * @throws {ConfigError} Naming everything that is wrong at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const { success, data, error } = environment.safeParse(set)
  const problems = [
    ...(error?.issues ?? []).map(({ path, message }) => ({ variable: String(path[0]), expected: message })),
    ...smsMisfits(set),
    ...limitMisfits(set),
  ]
  if (!success || problems.length > 0) throw new ConfigError(problems)
  const sms = smsOptionsOf(data)
  return {
    port: data.HAOMA_PORT,
    databaseUrl: data.HAOMA_DATABASE_URL,
    apps: [...data.HAOMA_APPS, ...data.HAOMA_OTHER_APPS],
    ...(data.HAOMA_WECHAT_HOSTS && { wechatHosts: data.HAOMA_WECHAT_HOSTS }),
    ...(data.HAOMA_MASTER_KEY && { masterKey: data.HAOMA_MASTER_KEY }),
    ...(data.HAOMA_OLD_MASTER_KEYS && { oldMasterKeys: data.HAOMA_OLD_MASTER_KEYS }),
    corsOrigins: data.HAOMA_CORS_ORIGINS,
    ...(sms && { sms }),
    ...(data.HAOMA_ALLOWED_HOSTS && { allowedHosts: data.HAOMA_ALLOWED_HOSTS }),
    ...(data.HAOMA_TRUSTED_PROXIES && { trustedProxies: data.HAOMA_TRUSTED_PROXIES }),
    ...(data.HAOMA_REDIS_URL && { redisUrl: data.HAOMA_REDIS_URL }),
    ...(data.HAOMA_LIMITS_IN && { limitsIn: data.HAOMA_LIMITS_IN }),
    ...(data.HAOMA_METRICS_TOKEN && { metricsToken: data.HAOMA_METRICS_TOKEN }),
    ...(data.HAOMA_WEBHOOK_ALLOWED_NETWORKS && {
      webhooks: { allowedNetworks: data.HAOMA_WEBHOOK_ALLOWED_NETWORKS },
    }),
    ...(data.HAOMA_REALTIME_SPU_ID && { ledger: { realtimeSpuId: data.HAOMA_REALTIME_SPU_ID } }),
    ...(data.HAOMA_ADMIN_IPS && { admin: { ips: data.HAOMA_ADMIN_IPS } }),
    ...(data.HAOMA_ADMIN_LISTEN && { adminListen: data.HAOMA_ADMIN_LISTEN }),
  }
}

function limitMisfits(set: Readonly<Record<string, string | undefined>>) {
  const tell = (expected: string) => [{ variable: 'HAOMA_LIMITS_IN', expected }]
  if (set.HAOMA_LIMITS_IN !== 'database') return []
  if (set.HAOMA_REDIS_URL) {
    return tell('与 HAOMA_REDIS_URL 二者取其一 / must not be database beside HAOMA_REDIS_URL')
  }
  if (/^postgres(?:ql)?:/i.test(set.HAOMA_DATABASE_URL ?? '')) return []
  return tell(
    'database 需要 PostgreSQL（HAOMA_DATABASE_URL=postgres://…），SQLite 只有一个进程，应为 process / must be process without a HAOMA_DATABASE_URL=postgres://…, as one process serves SQLite',
  )
}
