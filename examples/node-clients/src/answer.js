/**
 * What every client here offers, whatever it is built on.
 *
 * @typedef {object} Client
 * @property {string} name Package and version.
 * @property {(phoneCode: string) => Promise<PhoneInfo>} getPhoneNumber
 * @property {(loginCode: string) => Promise<Session>} [code2Session] Absent where the package has no such call.
 *
 * @typedef {object} ClientOptions
 * @property {string} baseUrl In place of `https://api.weixin.qq.com`, without a slash at the end.
 * @property {string} appid
 * @property {string} appSecret
 *
 * @typedef {{ phoneNumber: string, purePhoneNumber: string, countryCode: string | number }} PhoneInfo
 * @typedef {{ openid: string, session_key: string, unionid?: string }} Session
 */

/** WeChat refused: the same error for the packages that throw their own and for those that hand the body over. */
export class RefusedError extends Error {
  name = 'RefusedError'

  /** @param {{ errcode?: number, errmsg?: string }} body */
  constructor({ errcode, errmsg }, options) {
    super(`${errcode} ${errmsg}`, options)
    this.errcode = errcode
  }
}

/** Throws for the packages that hand an error body over as if it were a result. */
export function accepted(body) {
  if (body.errcode) throw new RefusedError(body)
  return body
}

/** Gives errors that carry the errcode as `code` the form of the others. */
export async function refusing(call) {
  try {
    return await call
  } catch (error) {
    if (typeof error.code !== 'number') throw error
    throw new RefusedError({ errcode: error.code, errmsg: error.message }, { cause: error })
  }
}
