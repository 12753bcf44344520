import EasyWechat from 'node-easywechat'
import { accepted, RefusedError } from './answer.js'

/**
 * node-easywechat: the host is `http.baseURL` of its configuration. It has no phone number call; its generic
 * client makes it.
 *
 * @param {import('./answer.js').ClientOptions & { stableToken?: boolean }} options
 * @returns {import('./answer.js').Client}
 */
export function createNodeEasywechat({ baseUrl, appid, appSecret, stableToken = false }) {
  const app = new EasyWechat.MiniApp({
    app_id: appid,
    secret: appSecret,
    use_stable_access_token: stableToken,
    http: { baseURL: `${baseUrl}/`, throw: false },
  })
  app.setCache(createMemoryCache())

  return {
    name: `node-easywechat 3.6.2${stableToken ? ', stable token' : ''}`,
    getPhoneNumber: async (phoneCode) => {
      const response = await app
        .getClient()
        .post('wxa/business/getuserphonenumber', { json: { code: phoneCode } })
        .catch(refused)
      return accepted(response.toObject()).phone_info
    },
    code2Session: (loginCode) => app.getUtils().codeToSession(loginCode).catch(refused),
  }
}

// Its default is a file in the working directory whose name contains the AppSecret.
function createMemoryCache() {
  const values = new Map()
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => Boolean(values.set(key, value)),
    has: async (key) => values.has(key),
    delete: async (key) => values.delete(key),
  }
}

/** Its errors are sentences that end in the body WeChat sent. */
function refused(cause) {
  const body = /\{.*\}/s.exec(cause.message)?.[0]
  throw body ? new RefusedError(JSON.parse(body), { cause }) : cause
}
