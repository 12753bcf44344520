import type { Context, ErrorHandler } from 'hono'
import { access, securitySchemes } from '../../http/access.ts'
import { bodyLimits } from '../../http/bodies.ts'
import { answerWithin } from '../../http/deadline.ts'
import { addDocumented } from '../../http/documented.ts'
import { answerFields } from '../../http/headers.ts'
import { observe } from '../../http/observe.ts'
import { toHaomaError } from '../../http/problems.ts'
import { type AppEnv, createRouter } from '../../http/router.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Admission } from '../../tokens/admission.ts'
import type { CentralTokens } from '../../tokens/central-tokens.ts'
import type { Surface } from '../surface.ts'
import { createRid, type Errcode, errcodeOf, errmsgs, WeChatRefusal } from './errcodes.ts'
import { readStableTokenRequest, readTokenRequest, type TokenRequest } from './token-request.ts'
import { stableTokenRoute, tokenRoute } from './token-routes.ts'

export interface DropInSurfaceParts {
  admission: Admission
  tokens: CentralTokens
  logger: Logger
  clock: Clock
  newId: NewId
  /** Every request is answered within so many milliseconds. */
  answerWithinMs: number
}

const json = { 'content-type': 'application/json; encoding=utf-8' }

/** An answer of WeChat's, which has the status 200 whatever it says. */
const answer = (c: Context<AppEnv>, body: object) =>
  new Response(JSON.stringify(body), { headers: { ...json, ...answerFields(c) } })

/**
 * WeChat's own token paths, answered and refused in WeChat's own form, so that an SDK in any language that can set its
 * host gets the central token unchanged.
 */
export function createDropInSurface(parts: DropInSurfaceParts): Surface {
  const { admission, tokens, clock } = parts
  const router = createRouter()

  const refuse = (errcode: Errcode, detail = '') => ({
    errcode,
    errmsg: `${detail || errmsgs[errcode]} rid: ${createRid(clock)}`,
  })

  /** Nothing of an unknown error gets out but that there was one. */
  const onError: ErrorHandler<AppEnv> = (thrown, c) => {
    if (thrown instanceof WeChatRefusal) return answer(c, refuse(thrown.errcode))
    const error = toHaomaError(thrown)
    const errcode = errcodeOf[error.code] ?? -1
    const log = c.get('log')
    if (errcode === -1) log.error({ code: error.code, err: error.cause ?? error }, error.message)
    else log.info({ code: error.code }, error.message)
    const ip = c.get('clientIp') ?? 'unknown'
    const detail = errcode === 40164 ? `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist` : ''
    return answer(c, refuse(errcode, detail))
  }
  router.onError(onError)
  router.notFound(() => {
    throw new WeChatRefusal(40066)
  })
  router.use(observe(parts), answerWithin(parts.answerWithinMs))
  router.use(bodyLimits())

  const give = async ({ appid, clientSecret }: TokenRequest, ip: string | undefined): Promise<object> => {
    const client = await admission.bySecret(clientSecret, { scope: 'token', limit: 'token.client', ip })
    if (!client.mayActFor(appid)) throw new WeChatRefusal(40013)
    const { accessToken, expiresInS } = await tokens.checked(appid)
    // Its SDK takes the margin off again, and keeps the token for as long as it was granted.
    return { access_token: accessToken, expires_in: expiresInS + client.tokenMarginS }
  }

  const security = access.clientInPlaceOfApp('token')
  addDocumented(router, { ...stableTokenRoute, security }, async (c) =>
    answer(c, await give(await readStableTokenRequest(c.req), c.get('clientIp'))),
  )
  addDocumented(router, { ...tokenRoute, security }, async (c) =>
    answer(c, await give(await readTokenRequest(c.req), c.get('clientIp'))),
  )
  router.all('/cgi-bin/stable_token', () => {
    throw new WeChatRefusal(43002)
  })
  router.openAPIRegistry.registerComponent(
    'securitySchemes',
    'clientAsAppSecret',
    securitySchemes.clientAsAppSecret,
  )
  return { prefixes: ['/cgi-bin'], router }
}
