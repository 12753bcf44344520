const WECHAT_APPID = /^wx[0-9a-f]{16}$/
const OWN_APPID = /^[a-z][a-z0-9-]{2,63}$/

/** Whether this can be the id of an app that WeChat does not know. */
export function isOwnAppid(text: string): boolean {
  return OWN_APPID.test(text) && !WECHAT_APPID.test(text)
}

export const ownAppidTexts = {
  zh: '应用标识由自己定：小写字母、数字和连字符，3 到 64 位，如 shop-h5',
  en: 'the id of such an app is yours to choose: 3 to 64 lower-case letters, digits and hyphens, such as shop-h5',
}
