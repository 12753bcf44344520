import type { AppState } from '../state.ts'
import type { Texts } from '../texts/zh.ts'

/** What to paste into a terminal, or a page, to log a user in: from the silent login to the number. */
export const connectLines = (origin: string, app: AppState, user: string, t: Texts['overview']) => {
  const { appid, appSecret: secret } = app
  const post = (path: string, body: object) => `curl -s '${origin}${path}' -d '${JSON.stringify(body)}'`
  return [
    { about: t.curl.login, line: post('/_device/login', { appid, user }) },
    {
      about: t.curl.phone,
      line: post('/_device/phone', { appid, user, component: 'quick', answer: 'allow' }),
    },
    {
      about: t.curl.token,
      line: post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret }),
    },
    {
      about: t.curl.exchange,
      line: post('/wxa/business/getuserphonenumber?access_token=ACCESS_TOKEN', { code: 'PHONE_CODE' }),
    },
    { about: t.page, line: `<script src="${origin}/device.js" data-appid="${appid}"></script>` },
  ]
}
