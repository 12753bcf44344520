import type { AgeingCodes } from './ageing-codes.ts'
import { type Apps, getMiniProgram } from './apps.ts'
import type { Clock } from './clock.ts'
import type { LoginCode } from './codes.ts'
import type { Random } from './random.ts'
import type { Sessions } from './sessions.ts'
import type { Switches } from './switches.ts'
import { openidOf, type Users } from './users.ts'

/** What `wx.login` and `wx.checkSession` do on a phone. */
export interface Login {
  login(appid: string, user: string): { code: string; errMsg: string }
  checkSession(appid: string, user: string): { errMsg: string }
}

interface Parts {
  clock: Clock
  random: Random
  switches: Switches
  apps: Apps
  users: Users
  sessions: Sessions
  loginCodes: AgeingCodes<LoginCode>
}

export function createLogin(parts: Parts): Login {
  const { clock, random, switches, apps, users, sessions, loginCodes } = parts
  return {
    login(appid, userName) {
      const app = getMiniProgram(apps, appid)
      const user = users.meet(userName)
      const owner = { openid: openidOf(app, user.name), appid, user: user.name }
      const kept = switches.get('session-key-on-login') === 'kept' ? sessions.find(owner.openid) : undefined
      const { sessionKey } = kept ?? sessions.replace(owner)
      const { code } = loginCodes.add({
        ...owner,
        code: random.alphanumeric(32),
        sessionKey,
        bornAtMs: clock.nowMs(),
        usedAtMs: undefined,
      })
      return { code, errMsg: 'login:ok' }
    },
    checkSession(appid, userName) {
      const app = getMiniProgram(apps, appid)
      const session = sessions.find(openidOf(app, userName))
      return { errMsg: session ? 'checkSession:ok' : 'checkSession:fail session time out, need relogin' }
    },
  }
}
