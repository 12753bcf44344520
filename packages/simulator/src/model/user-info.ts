import { createHash } from 'node:crypto'
import { type Apps, getMiniProgram } from './apps.ts'
import type { Clock } from './clock.ts'
import { encryptOpenData } from './encrypted-data.ts'
import type { EncryptedMessages } from './encrypted-messages.ts'
import type { Random } from './random.ts'
import type { Sessions } from './sessions.ts'
import { openidOf, type Users, unionidOf } from './users.ts'

/** Which call asks: only `getUserInfo` has the identities in its encrypted data. */
export const userInfoCalls = ['getUserInfo', 'getUserProfile'] as const
export type UserInfoCall = (typeof userInfoCalls)[number]

/** What `wx.getUserInfo` and `wx.getUserProfile` give beside `errMsg`. */
export interface UserInfoAnswer {
  userInfo: typeof anonymous
  rawData: string
  /** SHA-1 of `rawData` and the session key, in hex. */
  signature: string
  encryptedData: string
  iv: string
  cloudID?: string
}

/**
 * Every user of what was published since 2022-11-09: WeChat gives no names and pictures of its own any more.
 *
 * @see https://developers.weixin.qq.com/community/develop/doc/00022c683e8a80b29bed2142b56c01
 */
const anonymous = {
  nickName: '微信用户',
  gender: 0,
  language: '',
  city: '',
  province: '',
  country: '',
  avatarUrl:
    'https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132',
}

interface Parts {
  clock: Clock
  random: Random
  apps: Apps
  users: Users
  sessions: Sessions
  encryptedMessages: EncryptedMessages
}

/**
 * Gives what WeChat still gives of a user's profile, signed and encrypted with the session key of the last login.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export function createUserInfo({ clock, random, apps, users, sessions, encryptedMessages }: Parts) {
  return (appid: string, userName: string, call: UserInfoCall): UserInfoAnswer => {
    const app = getMiniProgram(apps, appid)
    const user = users.meet(userName)
    const openid = openidOf(app, user.name)
    const { sessionKey } = sessions.find(openid) ?? sessions.replace({ openid, appid, user: user.name })
    const unionId = unionidOf(app, user.name)
    const identities = { openId: openid, ...(unionId === undefined ? {} : { unionId }) }
    const rawData = JSON.stringify(anonymous)
    const iv = random.base64(16)
    const encryptedData = encryptOpenData(sessionKey, iv, {
      ...(call === 'getUserInfo' ? identities : {}),
      ...anonymous,
      watermark: { timestamp: Math.floor(clock.nowMs() / 1000), appid },
    })
    encryptedMessages.add(appid, encryptedData)
    return {
      userInfo: anonymous,
      rawData,
      signature: createHash('sha1')
        .update(rawData + sessionKey)
        .digest('hex'),
      encryptedData,
      iv,
      ...(app.cloudDevelopment ? { cloudID: `71_${random.urlSafe(48)}` } : {}),
    }
  }
}
