import type { Text } from '@haoma/protocol'
import { defaults, miniProgramsOf, type ServeOptions } from '../options.ts'
import type { ConfigVariable } from './environment.ts'

/** A setting as it works right now. */
export interface EffectiveSetting {
  /** Name of its environment variable. */
  name: string
  /** `null` when there is none, and for a secret. */
  value: string | null
  isSecret: boolean
  /** Whether it differs from its default. */
  isSet: boolean
  text: Text
}

type Options = Partial<ServeOptions>

interface Row {
  text: Text
  /** `undefined` when it is not set and has no default. A secret tells only whether it is there. */
  value(options: Options): string | readonly string[] | undefined
  isSecret?: boolean
}

/** Provider with settings; not a program's own. */
const providerOf = ({ sms }: Options) => (sms && 'kind' in sms.provider ? sms.provider : undefined)

const senderOf = (options: Options) => {
  const provider = providerOf(options)
  return provider?.kind === 'console' ? undefined : provider
}

const smsRows = {
  HAOMA_SMS_PROVIDER: {
    text: { zh: '发送短信验证码的服务商', en: 'Provider that sends codes by SMS' },
    value: (options) => providerOf(options)?.kind,
  },
  HAOMA_SMS_SECRET_ID: {
    text: { zh: '服务商密钥的编号', en: 'Id of the provider’s key' },
    value: (options) => senderOf(options)?.secretId,
  },
  HAOMA_SMS_SECRET_KEY: {
    text: { zh: '服务商的密钥', en: 'The provider’s key' },
    value: (options) => (senderOf(options) ? 'set' : undefined),
    isSecret: true,
  },
  HAOMA_SMS_SDK_APP_ID: {
    text: { zh: '腾讯云的短信应用', en: 'SMS application at Tencent Cloud' },
    value: (options) => {
      const sender = senderOf(options)
      return sender?.kind === 'tencent' ? sender.sdkAppId : undefined
    },
  },
  HAOMA_SMS_SIGN_NAME: {
    text: { zh: '短信签名', en: 'Signature of the messages' },
    value: (options) => senderOf(options)?.signName,
  },
  HAOMA_SMS_TEMPLATE_ID: {
    text: { zh: '短信模板', en: 'Template of the messages' },
    value: (options) => senderOf(options)?.templateId,
  },
  HAOMA_SMS_TEMPLATE_PARAMS: {
    text: { zh: '模板的参数', en: 'Parameters of the template' },
    value: (options) => senderOf(options)?.templateParams,
  },
  HAOMA_SMS_TEMPLATE_ID_ABROAD: {
    text: { zh: '发往境外的模板', en: 'Template of messages to other countries' },
    value: (options) => senderOf(options)?.abroad?.templateId,
  },
  HAOMA_SMS_COUNTRIES: {
    text: { zh: '短信可以发往的国家或地区', en: 'Countries that SMS go to' },
    value: ({ sms }) => sms?.countries,
  },
  HAOMA_SMS_BUDGET_A_DAY: {
    text: { zh: '每天最多发送的短信', en: 'Messages a day at most' },
    value: ({ sms }) => (sms?.budgetADay === undefined ? undefined : String(sms.budgetADay)),
  },
  HAOMA_SMS_ENDPOINT: {
    text: { zh: '服务商接口的地址', en: 'Address of the provider’s interface' },
    value: (options) => senderOf(options)?.endpoint,
  },
} satisfies Record<string, Row>

/** Every variable of the environment, as it shows in what the service was started with. */
const rows: Readonly<Record<ConfigVariable, Row>> = {
  HAOMA_PORT: {
    text: { zh: '登录服务的端口', en: 'Port of the service' },
    value: ({ port = defaults.port }) => String(port),
  },
  HAOMA_DATABASE_URL: {
    text: { zh: '数据库，不含密码', en: 'Database, without its password' },
    value: ({ databaseUrl = defaults.databaseUrl }) => withoutCredentials(databaseUrl),
  },
  HAOMA_APPS: {
    text: { zh: '小程序，不含 AppSecret', en: 'Mini programs, without their secrets' },
    value: ({ apps = defaults.apps }) => miniProgramsOf(apps).map(({ appid }) => appid),
  },
  HAOMA_OTHER_APPS: {
    text: { zh: '没有微信的应用：H5、App', en: 'Apps without WeChat: H5 and App' },
    value: ({ apps = defaults.apps }) =>
      apps.filter(({ kind }) => kind === 'h5' || kind === 'app').map(({ appid }) => appid),
  },
  HAOMA_WECHAT_HOSTS: {
    text: { zh: '微信接口的地址；默认是微信的', en: 'Hosts of WeChat’s API; default is WeChat’s own' },
    value: ({ wechatHosts }) => wechatHosts?.map(withoutCredentials),
  },
  HAOMA_MASTER_KEY: {
    text: { zh: '主密钥；未设置时在文件里', en: 'Master key; in its file when it is not set' },
    value: ({ masterKey }) => (masterKey === undefined ? undefined : 'set'),
    isSecret: true,
  },
  HAOMA_OLD_MASTER_KEYS: {
    text: { zh: '以前的主密钥', en: 'Master keys of before' },
    value: ({ oldMasterKeys = [] }) => (oldMasterKeys.length === 0 ? undefined : 'set'),
    isSecret: true,
  },
  HAOMA_CORS_ORIGINS: {
    text: { zh: '可以调用的 H5 页面来源', en: 'Origins of H5 pages that may call' },
    value: ({ corsOrigins }) => corsOrigins,
  },
  HAOMA_ALLOWED_HOSTS: {
    text: {
      zh: '服务可用的主机名；默认不限',
      en: 'Names the service may be asked for; default is every name',
    },
    value: ({ allowedHosts }) => allowedHosts,
  },
  HAOMA_TRUSTED_PROXIES: {
    text: { zh: '可信代理的地址', en: 'Addresses of trusted proxies' },
    value: ({ trustedProxies }) => trustedProxies,
  },
  HAOMA_REDIS_URL: {
    text: {
      zh: '各进程共同计数的 Redis，不含密码',
      en: 'Redis that limits are counted in, without its password',
    },
    value: ({ redisUrl }) => redisUrl && withoutCredentials(redisUrl),
  },
  HAOMA_LIMITS_IN: {
    text: {
      zh: '没有 Redis 时在哪里计数：process 各进程各自，database 在 PostgreSQL 里一起',
      en: 'Where limits are counted without Redis: process each for itself, database together in PostgreSQL',
    },
    value: ({ limitsIn, redisUrl }) => (redisUrl === undefined ? (limitsIn ?? 'process') : undefined),
  },
  HAOMA_METRICS_TOKEN: {
    text: { zh: '读取 /metrics 的令牌', en: 'Token that opens /metrics' },
    value: ({ metricsToken }) => (metricsToken === undefined ? undefined : 'set'),
    isSecret: true,
  },
  HAOMA_WEBHOOK_ALLOWED_NETWORKS: {
    text: { zh: 'webhook 可以发往的内网', en: 'Private networks that webhooks may reach' },
    value: ({ webhooks }) => webhooks?.allowedNetworks,
  },
  ...smsRows,
  HAOMA_REALTIME_SPU_ID: {
    text: { zh: '微信里实时验证组件的商品编号', en: 'Product of the realtime component at WeChat' },
    value: ({ ledger }) => ledger?.realtimeSpuId,
  },
  HAOMA_ADMIN_IPS: {
    text: {
      zh: '可以访问 /admin 和 /console 的地址；默认不限',
      en: 'Addresses that may reach /admin and /console; default is any',
    },
    value: ({ admin }) => admin?.ips,
  },
  HAOMA_ADMIN_LISTEN: {
    text: { zh: '/admin 和 /console 单独的监听地址', en: 'Address of their own of /admin and /console' },
    value: ({ adminListen }) =>
      adminListen && `${adminListen.hostname ?? ''}:${adminListen.port}`.replace(/^:/, ''),
  },
}

/** What the service runs with, a row for each variable of the environment. No secret is in it. */
export function effectiveSettings(options: Options): EffectiveSetting[] {
  return Object.entries(rows).map(([name, { text, value, isSecret = false }]) => {
    const now = plain(value(options))
    return { name, value: isSecret ? null : now, isSecret, isSet: now !== plain(value({})), text }
  })
}

function plain(value: string | readonly string[] | undefined): string | null {
  const text = typeof value === 'string' ? value : value?.join(', ')
  return text || null
}

/** What may hold a password is the part before the host, and what follows a question mark. */
function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/, '')
}
