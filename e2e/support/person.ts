import type { Simulator } from '@haoma/simulator'
import type { PhoneEventDetail, Platform } from '@haoma/uni/core'

/** What stands between a person and the service: it may lose the request or its answer. */
export type Network = (url: string, init: RequestInit) => Promise<Response>

interface PersonParts {
  simulator: Simulator
  appid: string
  user: string
  network: Network
  /** What the phone has stored: it outlives the mini program. */
  storage: Map<string, unknown>
  /** Fails a request the way the build of that time does: with its own `LoginError`. */
  failed(reason: 'network' | 'timeout', cause: unknown): Error
}

/** The phone of one person: WeChat as the simulator plays it, without any screen. */
export function platformOf({ simulator, appid, user, network, storage, failed }: PersonParts): Platform {
  return {
    wechat: 'native',
    name: 'mp-weixin',
    language: 'zh',
    combinesPrivacy: true,
    device: { platform: 'ios', deviceName: 'iPhone 15' },
    ready: async () => undefined,
    login: async () => simulator.device.login({ appid, user }).code,
    needsPrivacy: async () => false,
    requestPhoneNumber: () => Promise.reject(new Error('WeChat opens its sheet by a tap only')),
    async request({ method, url, headers, body, timeoutMs }) {
      try {
        const answer = await network(url, {
          method,
          headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(timeoutMs),
        })
        const text = await answer.text()
        return { status: answer.status, body: text ? JSON.parse(text) : '' }
      } catch (cause) {
        throw failed('network', cause)
      }
    },
    storage: {
      get: (key) => structuredClone(storage.get(key)),
      set: (key, value) => void storage.set(key, structuredClone(value)),
      remove: (key) => void storage.delete(key),
    },
  }
}

/** A consent, as WeChat's button tells it. It is paid for. */
export function consent(simulator: Simulator, appid: string, user: string): PhoneEventDetail {
  return simulator.device.phone({ appid, user, component: 'quick', answer: 'allow' }) as PhoneEventDetail
}
