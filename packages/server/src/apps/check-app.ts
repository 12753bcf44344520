import type { AppCheckResponse, TextPair } from '@haoma/protocol/admin'
import {
  type AppConfig,
  createWeChat,
  isWxError,
  type Transport,
  type WeChat,
  WxApiError,
} from '@haoma/wechat'
import type { Clock } from '../kernel/clock.ts'

export type CheckItem = AppCheckResponse['items'][number]

/** What WeChat says about an app right now. */
export interface AppCheck {
  appid: string
  atMs: number
  /** Nothing has failed. */
  isOk: boolean
  items: CheckItem[]
}

/** Asks WeChat about a mini program, by calls that cost nothing and replace no token. */
export type CheckApp = (config: AppConfig) => Promise<AppCheck>

export interface CheckAppParts {
  hosts: readonly string[] | undefined
  transport: Transport
  clock: Clock
  timeoutMs?: number
}

/** The quick component; WeChat publishes no number for the realtime one. Contract: getUsageDetail. */
const QUICK_SPU_ID = '10000077'
const FEW_CALLS = 100
/** Beyond this the times that users see are wrong; beyond the next, API security refuses answers. */
const CLOCK_WARNING_MS = 60_000
const CLOCK_FAILURE_MS = 300_000
/** Looks like a phone code and is none: WeChat refuses it, and a refused one costs nothing. */
const NO_CODE = '0'.repeat(64)

/** The caller's address is not let in: 40164 is the list, the others an administrator's word about a risky address. */
const ipErrcodes = new Set([40164, 89503, 89506, 89507])
const quotaErrcodes = new Set([45009, 45011])
const isApiSecurity = (errcode: number) => errcode >= 40230 && errcode <= 40240

export function createCheckApp({ hosts, transport, clock, timeoutMs = 5000 }: CheckAppParts): CheckApp {
  return async (config) => {
    // A client that has seen no token yet asks WeChat, whatever is in any cache.
    const wechat = createWeChat({ apps: [config], hosts, transport, timeoutMs, tokenTimeoutMs: timeoutMs })
    try {
      const items = await ask(wechat, config, clock)
      return {
        appid: config.appid,
        atMs: clock.now(),
        isOk: items.every(({ state }) => state !== 'failed'),
        items,
      }
    } finally {
      await wechat.close()
    }
  }
}

async function ask(wechat: WeChat, config: AppConfig, clock: Clock): Promise<CheckItem[]> {
  const app = wechat.app(config.appid)
  const tokenError = await failureOf(app.getAccessToken())
  if (tokenError !== undefined) return withoutToken(tokenError, clock)
  const [phoneError, usage] = await Promise.all([
    failureOf(app.getPhoneNumber({ phoneCode: NO_CODE })),
    app.getChargeUsage({ spuId: QUICK_SPU_ID }).catch((error: unknown) => ({ error })),
  ])
  return [
    item('secret', 'ok', texts.secretOk),
    item('ip', 'ok', texts.ipOk),
    ...permissionItems(phoneError, config.apiSecurity !== undefined),
    clockItem(phoneError, clock),
    'error' in usage ? failedItem('balance', 'unknown', usage.error) : balanceItem(usage.remaining),
  ]
}

function withoutToken(error: unknown, clock: Clock): CheckItem[] {
  const errcode = error instanceof WxApiError ? error.errcode : undefined
  const rest = [
    item('permission', 'unknown', texts.notAsked),
    clockItem(error, clock),
    item('balance', 'unknown', texts.notAsked),
  ]
  if (errcode !== undefined && ipErrcodes.has(errcode)) {
    const seenIp = seenIpOf(error)
    const failed = { ...failedItem('ip', 'failed', error), seenIp }
    const named = seenIp === null ? failed : { ...failed, text: addTheAddress(seenIp) }
    return [item('secret', 'unknown', texts.notAsked), named, ...rest]
  }
  const isPassing = errcode === undefined ? isAway(error) : quotaErrcodes.has(errcode) || errcode === -1
  const secret = failedItem('secret', isPassing ? 'unknown' : 'failed', error)
  return [secret, item('ip', 'unknown', texts.notAsked), ...rest]
}

function permissionItems(error: unknown, hasApiSecurity: boolean): CheckItem[] {
  const errcode = error instanceof WxApiError ? error.errcode : undefined
  const security = hasApiSecurity ? [item('api-security', 'ok', texts.securityOk)] : []
  const isCodeRefused = error instanceof WxApiError && error.kind === 'code'
  if (isCodeRefused) return [item('permission', 'ok', texts.permissionOk), ...security]
  if ((errcode !== undefined && isApiSecurity(errcode)) || (errcode === undefined && !isAway(error))) {
    return [item('permission', 'unknown', texts.notAsked), failedItem('api-security', 'failed', error)]
  }
  const isRefused = error instanceof WxApiError && error.kind === 'permission'
  return [failedItem('permission', isRefused ? 'failed' : 'unknown', error)]
}

/** A rid carries the second in which WeChat saw the call. */
function clockItem(error: unknown, clock: Clock): CheckItem {
  const seenAt = error instanceof WxApiError ? error.ridAt : undefined
  if (seenAt === undefined) return item('clock', 'unknown', texts.notAsked)
  const offMs = clock.now() - seenAt.getTime()
  const offS = Math.round(offMs / 1000)
  if (Math.abs(offMs) <= CLOCK_WARNING_MS) return item('clock', 'ok', texts.clockOk)
  const state = Math.abs(offMs) > CLOCK_FAILURE_MS ? 'failed' : 'warning'
  return item('clock', state, {
    zh: `本机时间与微信相差 ${offS} 秒：请打开时间同步（NTP）。`,
    en: `The clock of this machine is ${offS} s off WeChat's. Switch time synchronisation (NTP) on.`,
  })
}

function balanceItem(remaining: number): CheckItem {
  const text = {
    zh: `手机号快捷登录组件剩余 ${remaining} 次${remaining < FEW_CALLS ? '：请在小程序后台「付费管理」购买' : ''}。实时验证组件的余量微信未提供查询。`,
    en: `${remaining} calls of the quick component are left${remaining < FEW_CALLS ? ': buy more in the console' : ''}. WeChat tells nothing of the realtime one.`,
  }
  return item('balance', remaining <= 0 ? 'failed' : remaining < FEW_CALLS ? 'warning' : 'ok', text)
}

/** The address in the text of a 40164; IPv4 where both are told, as that is what stands on most lists. */
function seenIpOf(error: unknown): string | null {
  if (!(error instanceof WxApiError)) return null
  const found = /invalid ip ([0-9a-f.:]+)(?: ipv6 (\S+?))?[\s,]/i.exec(`${error.errmsg} `)
  return found?.[1] ?? null
}

const addTheAddress = (ip: string): TextPair => ({
  zh: `微信看到本服务的 IP 是 ${ip}，它不在白名单中：请在小程序后台「开发管理 → 开发设置 → IP 白名单」加入它。注意 NAT 出口与 IPv6。`,
  en: `WeChat sees this service at ${ip}, which is not on the list. Add it in the console under 开发管理 → 开发设置 → IP 白名单; mind NAT and IPv6.`,
})

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

/** WeChat could not be reached, or not in time: nothing is known. */
const isAway = (error: unknown): boolean =>
  isWxError(error) && (error.kind === 'transport' || error.kind === 'busy')

function item(name: CheckItem['name'], state: CheckItem['state'], text: TextPair): CheckItem {
  return { name, state, errcode: null, rid: null, seenIp: null, text }
}

function failedItem(name: CheckItem['name'], state: CheckItem['state'], error: unknown): CheckItem {
  const text = isWxError(error) ? { zh: error.texts.zh, en: error.texts.en } : texts.unexpected
  const { errcode = null, rid = null } = error instanceof WxApiError ? error : {}
  return { ...item(name, state, text), errcode, rid }
}

const texts = {
  secretOk: { zh: '微信接受这个 AppSecret。', en: 'WeChat takes the AppSecret.' },
  ipOk: { zh: '微信接受本服务的 IP。', en: "WeChat lets this service's address in." },
  permissionOk: {
    zh: '有获取手机号的权限（已用一个不存在的凭证试过，不收费）。',
    en: 'The app may ask for numbers (tried with a code that does not exist, which costs nothing).',
  },
  securityOk: { zh: 'API 安全的密钥可用。', en: 'The keys of API security work.' },
  clockOk: { zh: '本机时间与微信一致。', en: "The clock of this machine agrees with WeChat's." },
  notAsked: { zh: '尚无法判断：先处理上面的问题。', en: 'Cannot be told yet: mend the others first.' },
  unexpected: { zh: '检查时发生意外错误，详见日志。', en: 'The check failed unexpectedly; see the log.' },
} as const satisfies Record<string, TextPair>
