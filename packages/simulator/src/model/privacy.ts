import type { App } from './apps.ts'
import type { Clock } from './clock.ts'
import { getOrCreate } from './get-or-create.ts'
import type { Switches } from './switches.ts'

/** What `wx.getPrivacySetting` says, and whether WeChat's own popup would show now. */
export interface PrivacySetting {
  needAuthorization: boolean
  privacyContractName: string
  /** The user refused moments ago: calls fail at once, and WeChat's popup stays away. */
  isPopupPaused: boolean
}

/** Who has agreed to which app's privacy guideline. */
export interface Privacy {
  hasAgreed(appid: string, user: string): boolean
  set(appid: string, user: string, agreed: boolean): void
  /** The user refused the popup: it stays away for a while. */
  refuse(appid: string, user: string): void
  setting(app: App, user: string): PrivacySetting
  list(): Array<{ appid: string; user: string }>
}

export function createPrivacy({ clock, switches }: { clock: Clock; switches: Switches }): Privacy {
  const agreed = new Map<string, Set<string>>()
  const refusedAtMs = new Map<string, number>()
  const hasAgreed = (appid: string, user: string) => agreed.get(appid)?.has(user) ?? false
  const isPaused = (appid: string, user: string) => {
    const atMs = refusedAtMs.get(`${appid} ${user}`)
    const pauseS = switches.get('privacy-popup-pause-s')
    if (atMs === undefined || pauseS === 'off') return false
    const sinceMs = clock.nowMs() - atMs
    return sinceMs >= 0 && sinceMs < Number(pauseS) * 1000
  }
  return {
    hasAgreed,
    set(appid, user, value) {
      const users = getOrCreate(agreed, appid, () => new Set<string>())
      if (value) users.add(user)
      else users.delete(user)
      refusedAtMs.delete(`${appid} ${user}`)
    },
    refuse: (appid, user) => void refusedAtMs.set(`${appid} ${user}`, clock.nowMs()),
    setting: (app, user) => ({
      needAuthorization: app.privacyDeclared && !hasAgreed(app.appid, user),
      privacyContractName: `《${app.name}小程序隐私保护指引》`,
      isPopupPaused: isPaused(app.appid, user),
    }),
    list: () => [...agreed].flatMap(([appid, users]) => [...users].map((user) => ({ appid, user }))),
  }
}
