import WechatAPI from 'co-wechat-api'
import { refusing } from './answer.js'

/**
 * co-wechat-api: the three prefixes are plain fields. It has no phone number call, so `request()` makes it.
 *
 * @param {import('./answer.js').ClientOptions} options
 * @returns {import('./answer.js').Client}
 */
export function createCoWechatApi({ baseUrl, appid, appSecret }) {
  const api = new WechatAPI(appid, appSecret)
  api.prefix = `${baseUrl}/cgi-bin/`
  api.snsPrefix = `${baseUrl}/sns/`
  api.wxaPrefix = `${baseUrl}/wxa/`

  const exchange = async (phoneCode) => {
    const { accessToken } = await api.ensureAccessToken()
    const url = `${api.wxaPrefix}business/getuserphonenumber?access_token=${accessToken}`
    const body = await api.request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      data: JSON.stringify({ code: phoneCode }),
    })
    return body.phone_info
  }

  return {
    name: 'co-wechat-api 3.11.0',
    getPhoneNumber: (phoneCode) => refusing(exchange(phoneCode)),
    code2Session: (loginCode) => refusing(api.code2Session(loginCode)),
  }
}
