import type { IssuedToken } from '../../model/access-tokens.ts'
import { text } from '../../text.ts'
import { type Answer, ok, refuse } from '../answer.ts'
import type { Endpoint } from '../endpoint.ts'

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html */
export const stableToken: Endpoint = {
  path: '/cgi-bin/stable_token',
  method: 'POST',
  family: 'cgi-bin',
  auth: {
    kind: 'app-secret',
    in: 'body',
    secretField: 'secret',
    grantType: 'client_credential',
    whitelist: 'guarded',
  },
  quota: { daily: 500_000, perMinute: 10_000 },
  handle({ model, app, body }) {
    if (body.force_refresh !== true) return issued(model.accessTokens.issueStable(app.appid))
    const result = model.accessTokens.forceStable(app.appid)
    if (!('refused' in result)) return issued(result)
    const key = result.refused === 'too-soon' ? 'force-refresh-too-soon' : 'force-refresh-over-limit'
    const choice = model.switches.get(key)
    const why =
      result.refused === 'too-soon'
        ? text(
            '距上次强制刷新不足 30 秒，未刷新',
            'less than 30 s after the last forced refresh: not refreshed',
          )
        : text('当天 20 次强制刷新已用完', 'the 20 forced refreshes of the day are used up')
    return choice === 'current-token' ? issued(result.current, why) : refuse(Number(choice), why)
  },
}

/** The body of both token endpoints; it has no errcode. */
export function issued({ accessToken, expiresInS }: IssuedToken, why?: ReturnType<typeof text>): Answer {
  return ok({ access_token: accessToken, expires_in: expiresInS }, why)
}
