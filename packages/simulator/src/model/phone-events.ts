import type { Text } from '../text.ts'
import { isAtLeast } from './base-library.ts'
import type { PhoneComponent } from './codes.ts'
import type { PhoneEnding } from './phone-endings.ts'
import type { Switches } from './switches.ts'

/** `harmony` is HarmonyOS, `wxwork` WeCom. */
export const platforms = ['ios', 'android', 'devtools', 'windows', 'mac', 'harmony', 'wxwork'] as const
export type Platform = (typeof platforms)[number]

/** `e.detail` of the button's event. Success is a `code`; everything else is a failure. */
export interface PhoneDetail {
  errMsg: string
  code?: string
  encryptedData?: string
  iv?: string
  cloudID?: string
  errno?: number
}

export const NO_QUOTA_ERRNO = 1400001

/** The toast WeChat shows when the quota is used up, unless the button turned it off. */
export const NO_QUOTA_TOAST: Text = {
  zh: '该功能使用次数已达当前小程序上限，暂时无法使用',
  en: 'This mini program has used up its quota for this feature. Try again later.',
}

// Clients of that age are the ones whose refusals were seen without "fail"; the exact version is not known.
const OLD_CLIENT_BELOW = '2.10.0'

/** Refusals that were seen; those of other platforms are up to the switch `other-platforms-refusal`. */
const refusalTails: { readonly [P in Platform]?: string } = {
  ios: 'fail user deny',
  devtools: 'fail user deny',
  android: 'fail:user deny',
}

/** Writes the failure events of both components. */
export function createPhoneFailures(switches: Switches) {
  const prefix = (component: PhoneComponent) =>
    component === 'realtime' ? switches.get('realtime-errmsg-prefix') : 'getPhoneNumber'
  const refusalTail = (platform: Platform) =>
    refusalTails[platform] ?? switches.get('other-platforms-refusal')
  return {
    prefix,
    refused: (component: PhoneComponent, platform: Platform, baseLibrary: string): PhoneDetail => ({
      errMsg: `${prefix(component)}:${isAtLeast(baseLibrary, OLD_CLIENT_BELOW) ? refusalTail(platform) : 'user deny'}`,
    }),
    ordered(component: PhoneComponent, { tail, errno }: Pick<PhoneEnding, 'tail' | 'errno'>): PhoneDetail {
      // One wording carries a prefix of its own.
      const errMsg = tail.startsWith('sendOpenReq:') ? tail : `${prefix(component)}:${tail}`
      return errno === undefined ? { errMsg } : { errMsg, errno }
    },
    noPermission: (component: PhoneComponent): PhoneDetail => ({
      errMsg: `${prefix(component)}:fail no permission`,
    }),
    privacyNotAgreed: (component: PhoneComponent): PhoneDetail => ({
      errMsg: `${prefix(component)}:fail privacy permission is not authorized`,
      errno: 104,
    }),
    privacyNotDeclared: (component: PhoneComponent): PhoneDetail => ({
      errMsg: `${prefix(component)}:fail api scope is not declared in the privacy agreement`,
      errno: 112,
    }),
    noQuota: (component: PhoneComponent): PhoneDetail => ({
      errMsg: switches.get('no-quota-errmsg').replace(/^getPhoneNumber/, prefix(component)),
      errno: NO_QUOTA_ERRNO,
    }),
    timeOut: (component: PhoneComponent): PhoneDetail => ({ errMsg: `${prefix(component)}:fail time out` }),
  }
}
