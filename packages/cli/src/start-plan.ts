import { Failure } from './failure.ts'
import type { Settings } from './settings.ts'

/** Which WeChat stands behind the service. */
export type WeChatBehind = 'wechat' | 'simulator' | 'none'

/**
 * Decides which WeChat the service gets. Mini programs get the real one, also while they are off. Without any it is the simulator, where
 * anybody can be anybody; so never in production, and not where `HAOMA_SIMULATOR=off` says so: the service then starts
 * without apps and says where to add one.
 *
 * @param hasApps - Whether environment or database hold a mini program.
 * @throws {Failure} When hosts of WeChat are named without an app to call them for.
 */
export function planWeChat(
  settings: Pick<Settings, 'wechatHosts' | 'isSimulatorOff'>,
  { hasApps, nodeEnv }: { hasApps: boolean; nodeEnv: string | undefined },
): WeChatBehind {
  if (hasApps) return 'wechat'
  if (settings.isSimulatorOff || nodeEnv === 'production') return 'none'
  if (settings.wechatHosts) {
    throw new Failure([
      'HAOMA_WECHAT_HOSTS 需要有小程序：请设置 HAOMA_APPS（appid:secret，多个用逗号分隔），或先 haoma app add；要使用模拟器请把它去掉。',
      'HAOMA_WECHAT_HOSTS needs a mini program: set HAOMA_APPS (appid:secret, comma-separated), or haoma app add first; to use the simulator, leave it out.',
    ])
  }
  return 'simulator'
}

/** What `--host` means for what is printed, allowed and told to pages. */
export interface Listening {
  /** Address to listen on; `undefined` is every address. */
  host: string | undefined
  /** Host for an address that a person opens on this machine. */
  pageHost: string
  /** Names, beside loopback's, under which it may be asked for. */
  allowHosts: string[]
}

/**
 * @param option - `--host`.
 * @param isPublic - Whether it may be reached from elsewhere without having been told to: a real service may, a simulated
 *   one stays on this machine.
 * @param machineAddresses - The machine's own addresses: a name that somebody else controls is never one of them.
 */
export function planListening(
  option: string | undefined,
  isPublic: boolean,
  machineAddresses: readonly string[],
): Listening {
  const host = option ?? (isPublic ? undefined : '127.0.0.1')
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::'
  return {
    host,
    pageHost: isEverywhere ? '127.0.0.1' : urlHost(host),
    allowHosts: (isEverywhere ? machineAddresses : [host]).map(urlHost),
  }
}

/** An IPv6 address stands in brackets in an address. */
function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}
