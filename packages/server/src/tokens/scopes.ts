/** What a back end may be allowed to do. Each call of a back end names the one it needs. */
export const clientScopes = {
  exchange: {
    zh: '用 code 换手机号、openid（/v1/exchange、/v1/openid）',
    en: 'exchange codes for numbers and openids (/v1/exchange, /v1/openid)',
  },
  'member:read': { zh: '读取会员，号码打码', en: 'read members, numbers masked' },
  'phone:read': {
    zh: '与 member:read、introspect 一起：读取完整号码，记入审计',
    en: 'with member:read and introspect: read full numbers, audited',
  },
  introspect: { zh: '校验会话（/v1/introspect）', en: 'check sessions (/v1/introspect)' },
  token: { zh: '取得小程序的 access_token', en: "get the mini program's access token" },
  gateway: { zh: '经网关调用微信接口（/wechat）', en: "call WeChat's API through the gateway (/wechat)" },
} as const

export type ClientScope = keyof typeof clientScopes

export const clientScopeNames = Object.keys(clientScopes) as [ClientScope, ...ClientScope[]]

export function isClientScope(text: string): text is ClientScope {
  return Object.hasOwn(clientScopes, text)
}
