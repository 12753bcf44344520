import { WxFailure } from './callback.ts'

/** Where the phone is: in Guangzhou, as the one of WeChat's own tools. */
const place = { latitude: 23.12463, longitude: 113.36199 }

/**
 * What the user allows, and what follows from it. The user of the phone page allows everything that is asked for.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html
 */
export function createPermissions() {
  const authSetting: Record<string, boolean> = {}
  const locate = () => {
    authSetting['scope.userLocation'] = true
    return {
      ...place,
      speed: -1,
      accuracy: 65,
      altitude: 0,
      verticalAccuracy: 65,
      horizontalAccuracy: 65,
    }
  }
  return {
    getSetting: () => ({ authSetting: { ...authSetting } }),
    authorize: ({ scope }: Record<string, unknown>) => {
      if (typeof scope !== 'string' || !scope.startsWith('scope.')) throw new WxFailure('invalid scope')
      authSetting[scope] = true
    },
    getLocation: locate,
    getFuzzyLocation: () => {
      const { latitude, longitude } = locate()
      return { latitude, longitude }
    },
  }
}
