// What the contenders without a client have in common: two calls of WeChat's, as they are.
import { PHONE_PATH } from '../lib/facts.mjs'

export async function fetchToken(post, { appid, appSecret }) {
  const request = { grant_type: 'client_credential', appid, secret: appSecret }
  const { access_token } = await post('/cgi-bin/stable_token', request)
  return access_token
}

export const phonePath = (token) => `${PHONE_PATH}?access_token=${token}`

export function readPhone({ errcode, errmsg, phone_info }) {
  if (errcode !== 0) throw new Error(`${errcode} ${errmsg}`)
  return phone_info
}
