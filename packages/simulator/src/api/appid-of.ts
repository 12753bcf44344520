import { type ApiCall, stringField } from './endpoint.ts'
import { parseObject } from './json.ts'

/** The app a call is about, as far as it can be told before any check: for faults and the log. */
export function appidOf({ app, model, query, rawBody }: ApiCall): string | undefined {
  if (app) return app.appid
  const accessToken = query.get('access_token')
  if (accessToken !== null) return model.accessTokens.find(accessToken)?.appid
  return (
    query.get('appid') ??
    stringField(parseObject(rawBody)?.appid) ??
    new URLSearchParams(rawBody).get('appid') ??
    undefined
  )
}
