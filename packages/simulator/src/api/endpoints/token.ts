import { type Endpoint, UNPUBLISHED } from '../endpoint.ts'
import { issued } from './stable-token.ts'

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html */
export const token: Endpoint = {
  path: '/cgi-bin/token',
  method: 'GET',
  alsoPost: 'switch',
  family: 'cgi-bin',
  auth: {
    kind: 'app-secret',
    in: 'query',
    secretField: 'secret',
    grantType: 'client_credential',
    whitelist: 'guarded',
  },
  quota: (switches) => ({ ...UNPUBLISHED, daily: Number(switches.get('legacy-token-daily-limit')) }),
  overQuotaErrmsg:
    'reach max api daily quota limit, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  handle: ({ model, app }) => issued(model.accessTokens.issueLegacy(app.appid)),
}
