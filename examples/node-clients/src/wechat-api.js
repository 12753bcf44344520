import { promisify } from 'node:util'
import WechatAPI from 'wechat-api'
import { accepted, refusing } from './answer.js'

/**
 * wechat-api: `endpoint` is a plain field (`setEndpoint` would force https). It has no phone number call and
 * no code2Session; `preRequest` adds the first.
 *
 * @param {import('./answer.js').ClientOptions} options
 * @returns {import('./answer.js').Client}
 */
export function createWechatApi({ baseUrl, appid, appSecret }) {
  const api = new WechatAPI(appid, appSecret)
  api.endpoint = baseUrl

  function exchange(phoneCode, callback) {
    const url = `${this.endpoint}/wxa/business/getuserphonenumber?access_token=${this.token.accessToken}`
    const headers = { 'content-type': 'application/json' }
    this.request(url, { dataType: 'json', type: 'POST', data: { code: phoneCode }, headers }, callback)
  }
  const getPhoneNumber = promisify((phoneCode, callback) => api.preRequest(exchange, [phoneCode, callback]))

  return {
    name: 'wechat-api 1.35.1',
    getPhoneNumber: async (phoneCode) => accepted(await refusing(getPhoneNumber(phoneCode))).phone_info,
  }
}
