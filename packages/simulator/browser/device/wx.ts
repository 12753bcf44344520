import type { Device, PrivacyListener } from '../sheet/index.ts'

interface Callbacks<T> {
  success?: (result: T) => void
  fail?: (error: { errMsg: string; errno?: number }) => void
  complete?: (result: T | { errMsg: string; errno?: number }) => void
}

interface Outcome {
  errMsg: string
  errno?: number
}

/** Adds to `window.wx` the members this simulator plays, and leaves those that are there already alone. */
export const installWx = (device: () => Promise<Device>) => {
  /** WeChat's calling form: callbacks, or a Promise when none is given. */
  const callbackStyle =
    <T extends Outcome>(name: string, run: (device: Device) => Promise<T>) =>
    (callbacks: Callbacks<T> = {}) => {
      const result = device()
        .then(run)
        .then(
          (outcome) => (isOk(outcome) ? outcome : Promise.reject(outcome)),
          (cause: unknown) => Promise.reject({ errMsg: `${name}:fail ${messageOf(cause)}` }),
        )
      const { success, fail, complete } = callbacks
      if (!success && !fail && !complete) return result
      result.then(
        (outcome) => {
          success?.(outcome)
          complete?.(outcome)
        },
        (failure: Outcome) => {
          fail?.(failure)
          complete?.(failure)
        },
      )
      return undefined
    }

  const members = {
    login: callbackStyle('login', (d) => d.login()),
    checkSession: callbackStyle('checkSession', (d) => d.checkSession()),
    getPrivacySetting: callbackStyle('getPrivacySetting', (d) => d.getPrivacySetting()),
    requirePrivacyAuthorize: callbackStyle('requirePrivacyAuthorize', (d) => d.requirePrivacyAuthorize()),
    openPrivacyContract: callbackStyle('openPrivacyContract', (d) => d.openPrivacyContract()),
    onNeedPrivacyAuthorization: (listener: PrivacyListener) => {
      void device().then((d) => d.onNeedPrivacyAuthorization(listener))
    },
  }
  window.wx = { ...members, ...window.wx }
}

const isOk = ({ errMsg }: Outcome): boolean => errMsg.endsWith(':ok')

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
