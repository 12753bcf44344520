import type { ApiSecurity } from '../api-security/index.ts'
import { badOption } from '../errors/bad-option.ts'
import { WxApiError, WxOutcomeUnknownError, WxTransportError } from '../errors/index.ts'
import { withBackOff } from './back-off.ts'
import { checkObject, checkTime, rules } from './check.ts'
import type { Answer, CallInput, Endpoint } from './endpoint.ts'
import { type Attempt, type CallerDeps, type CallToken, plainExchange } from './exchange.ts'
import { sealedExchange } from './sealed-exchange.ts'
import { aborted, type Wait } from './wait.ts'

/** Options of every call. */
export interface CallOptions {
  /** Ends the wait of this call. A token fetch that others wait for goes on. */
  readonly signal?: AbortSignal | undefined
  /** Time for the whole call in milliseconds: waiting for a token, repeats and failover included. Default is 10000. */
  readonly timeoutMs?: number | undefined
}

/** Where calls get their token, and what they do when it is refused. */
export interface TokenCare {
  peek(): CallToken | undefined
  get(wait: Wait): Promise<CallToken>
  /** Missing when the caller manages its token itself. */
  refresh?: (failedToken: string, wait: Wait) => Promise<CallToken>
  /** Told of a refusal after which nobody waits for another token: the next call is not to begin with this one. */
  refused?: (failedToken: string) => void
}

/** Who calls. */
export interface Caller {
  readonly appid: string | undefined
  readonly tokens: TokenCare
  readonly security: ApiSecurity | undefined
}

/** Starts the time of a call. */
export function startWait(
  options: CallOptions | undefined,
  deps: Pick<CallerDeps, 'clock' | 'timeoutMs'>,
): Wait {
  const nowMs = deps.clock.monotonic()
  if (options === undefined) return { deadlineAtMs: nowMs + deps.timeoutMs, signal: undefined }
  const { signal, timeoutMs } = checkObject('options', options)
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw badOption('signal', rules.signal)
  }
  if (signal?.aborted) throw aborted()
  return { deadlineAtMs: nowMs + checkTime('timeoutMs', timeoutMs, deps.timeoutMs), signal }
}

/**
 * One call under an access token. When WeChat refuses the token it is repeated with another, and once more when that
 * one had been replaced as well: what lies in a store or in memory may be dead already.
 */
export interface TokenCall {
  readonly endpoint: Endpoint
  readonly input: CallInput
  readonly wait: Wait
}

/** Makes a call that needs an access token. */
export function callWithToken(call: TokenCall, caller: Caller, deps: CallerDeps): Promise<Answer> {
  if (!call.endpoint.repeatable) return withFreshToken(call, caller, deps)
  return withBackOff(() => withFreshToken(call, caller, deps), call.wait, deps)
}

const mostRepeats = 2

async function withFreshToken(
  { endpoint, input, wait }: TokenCall,
  caller: Caller,
  deps: CallerDeps,
): Promise<Answer> {
  const { tokens } = caller
  const tried = new Set<string>()
  let repeats = 0
  for (let token = tokens.peek() ?? (await tokens.get(wait)); ; ) {
    try {
      return await attempt({ endpoint, input, token, wait }, caller, deps)
    } catch (error) {
      if (tokens.refresh === undefined || !isTokenRefused(error)) throw error
      if (repeats === mostRepeats) {
        tokens.refused?.(token.value)
        throw error
      }
      repeats += 1
      tried.add(token.value)
      token = await tokens.refresh(token.value, wait)
      // The source may confirm a token that was refused, which is worth one repeat and not two.
      if (repeats > 1 && tried.has(token.value)) throw error
    }
  }
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof WxApiError && error.retryPolicy === 'refresh-once'
}

/** Makes a call that carries no access token. */
export function callWithoutToken(
  { endpoint, input, wait }: TokenCall,
  { appid }: Pick<Caller, 'appid'>,
  deps: CallerDeps,
): Promise<Answer> {
  const unsealed = { appid, security: undefined }
  const once = () => attempt({ endpoint, input, token: undefined, wait }, unsealed, deps)
  return endpoint.repeatable ? withBackOff(once, wait, deps) : once()
}

async function attempt(
  call: Attempt,
  caller: Pick<Caller, 'appid' | 'security'>,
  deps: CallerDeps,
): Promise<Answer> {
  const { endpoint } = call
  const observed = deps.telemetry.begin(caller.appid, endpoint)
  try {
    const answer =
      caller.security?.covers(endpoint.path) === true
        ? await sealedExchange(call, caller.security, deps)
        : await plainExchange(call, deps)
    observed?.end(undefined)
    return answer
  } catch (cause) {
    const error = endpoint.singleUse ? asOutcome(cause, endpoint) : cause
    observed?.end(error)
    throw error
  }
}

// A code that works once: whatever leaves it open whether WeChat has spent it is said so, and never repeated.
function asOutcome(error: unknown, endpoint: Endpoint): unknown {
  const isOpen =
    error instanceof WxTransportError
      ? error.requestSent
      : error instanceof WxApiError && error.errcode === -1
  return isOpen ? new WxOutcomeUnknownError({ detail: endpoint.path, cause: error }) : error
}
