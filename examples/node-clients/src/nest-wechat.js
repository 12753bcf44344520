import { createRequire } from 'node:module'
import { WeChatService } from 'nest-wechat'
import { accepted } from './answer.js'

const require = createRequire(import.meta.url)
// Its own copy of axios, wherever npm put it.
const axios = createRequire(require.resolve('nest-wechat'))('axios')
const HOST = 'https://api.weixin.qq.com'

/**
 * nest-wechat: the host is written into its code, so an interceptor on its axios turns the calls round, for every
 * instance in the process. It keeps no token for mini programs; this keeps one the way most callers do.
 *
 * @param {import('./answer.js').ClientOptions} options
 * @returns {import('./answer.js').Client}
 */
export function createNestWechat({ baseUrl, appid, appSecret }) {
  axios.interceptors.request.use((request) => {
    if (request.url?.startsWith(`${HOST}/`)) request.url = baseUrl + request.url.slice(HOST.length)
    return request
  })
  const { mp } = new WeChatService({ appId: appid, secret: appSecret })

  let token = { value: '', expiresAtMs: 0 }
  const accessToken = async () => {
    if (Date.now() < token.expiresAtMs) return token.value
    const { data } = await mp.getAccessToken()
    accepted(data)
    token = { value: data.access_token, expiresAtMs: Date.now() + data.expires_in * 1000 }
    return token.value
  }

  return {
    name: 'nest-wechat 0.2.50',
    getPhoneNumber: async (phoneCode) => {
      const { data } = await mp.getPhoneNumber(phoneCode, await accessToken())
      return accepted(data).phone_info
    },
    code2Session: async (loginCode) => accepted(await mp.code2Session(loginCode)),
  }
}
