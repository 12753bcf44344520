import type { App } from './apps.ts'
import { getOrCreate } from './get-or-create.ts'

/** Who has agreed to which app's privacy guideline. */
export interface Privacy {
  hasAgreed(appid: string, user: string): boolean
  set(appid: string, user: string, agreed: boolean): void
  /** What `wx.getPrivacySetting` says. */
  setting(app: App, user: string): { needAuthorization: boolean; privacyContractName: string }
  list(): Array<{ appid: string; user: string }>
}

export function createPrivacy(): Privacy {
  const agreed = new Map<string, Set<string>>()
  const hasAgreed = (appid: string, user: string) => agreed.get(appid)?.has(user) ?? false
  return {
    hasAgreed,
    set(appid, user, value) {
      const users = getOrCreate(agreed, appid, () => new Set<string>())
      if (value) users.add(user)
      else users.delete(user)
    },
    setting: (app, user) => ({
      needAuthorization: app.privacyDeclared && !hasAgreed(app.appid, user),
      privacyContractName: `《${app.name}小程序隐私保护指引》`,
    }),
    list: () => [...agreed].flatMap(([appid, users]) => [...users].map((user) => ({ appid, user }))),
  }
}
