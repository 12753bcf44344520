/**
 * The base library with which each function came, for those that mini programs test for. Below it the function
 * does not exist.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
 */
export const apiSince: Readonly<Record<string, string>> = {
  batchGetStorageSync: '2.25.0',
  batchSetStorageSync: '2.25.0',
  getAppAuthorizeSetting: '2.20.1',
  getAppBaseInfo: '2.20.1',
  getDeviceInfo: '2.20.1',
  getPrivacySetting: '2.32.3',
  getSystemSetting: '2.20.1',
  getWindowInfo: '2.20.1',
  onNeedPrivacyAuthorization: '2.32.3',
  openPrivacyContract: '2.32.3',
  requirePrivacyAuthorize: '2.32.3',
}

/**
 * The same for what `wx.canIUse` is asked about components.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/component/button.html
 */
const componentSince: Readonly<Record<string, string>> = {
  'button.open-type.getPhoneNumber': '1.2.0',
  'button.open-type.getRealtimePhoneNumber': '2.24.4',
  'button.open-type.agreePrivacyAuthorization': '2.32.3',
  'button.phone-number-no-quota-toast': '3.0.1',
}

/** Whether version `a` is older than `b`; both as in `2.32.3`. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]]
  for (const [index, part] of right.entries()) {
    const difference = (left[index] ?? 0) - part
    if (difference !== 0) return difference < 0
  }
  return false
}

interface Known {
  wx: Record<string, unknown>
  supported: Record<string, unknown>
  tags: readonly string[]
  baseLibrary: string
}

/**
 * `wx.canIUse`: of functions and components that are played, by the base library chosen.
 *
 * @param schema - `login`, `request.object.method`, `button.open-type.getPhoneNumber`, …
 */
export function canIUse(schema: string, { wx, supported, tags, baseLibrary }: Known): boolean {
  const since = componentSince[schema]
  if (since !== undefined) return !isOlder(baseLibrary, since)
  const [name = ''] = schema.split('.')
  if (name === 'canIUse') return true
  return (supported[name] !== undefined && wx[name] !== undefined) || tags.includes(name)
}
