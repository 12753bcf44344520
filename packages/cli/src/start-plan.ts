import { miniProgramsOf } from '@haoma/server'
import { Failure } from './failure.ts'
import type { Settings } from './settings.ts'

/** Which WeChat stands behind the service. */
export type WeChatBehind = 'wechat' | 'simulator' | 'none'

/**
 * Decides which WeChat the service gets. Apps that are named get the real one. Without any it is the simulator, where
 * anybody can be anybody; so never in production, and not where `HAOMA_SIMULATOR=off` says so: the service then starts
 * without apps and says where to add one.
 *
 * @throws {Failure} When hosts of WeChat are named without an app to call them for.
 */
export function planWeChat(
  settings: Pick<Settings, 'apps' | 'wechatHosts' | 'isSimulatorOff'>,
  nodeEnv: string | undefined,
): WeChatBehind {
  if (miniProgramsOf(settings.apps).length > 0) return 'wechat'
  if (settings.wechatHosts) {
    throw new Failure([
      'HAOMA_WECHAT_HOSTS 需要与 HAOMA_APPS 一起设置（appid:secret，多个用逗号分隔）；要使用模拟器请把它去掉。',
      'HAOMA_WECHAT_HOSTS needs HAOMA_APPS beside it (appid:secret, comma-separated); to use the simulator, leave it out.',
    ])
  }
  return settings.isSimulatorOff || nodeEnv === 'production' ? 'none' : 'simulator'
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
