import type { SecretInput } from '@haoma/wechat'
import type { Context } from 'hono'
import { isEqualInConstantTime } from '../crypto/key-ring.ts'
import type { AppEnv } from './router.ts'

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1)$/
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * Whether the caller is a person or program on this very machine: a loopback peer that asks for a loopback name, with no
 * sign of a proxy in between.
 */
function isLocalOperator(c: Context<AppEnv>): boolean {
  const { peerIp } = c.env
  return (
    peerIp !== undefined &&
    LOOPBACK.test(peerIp) &&
    LOOPBACK_HOST.test(c.req.header('host') ?? '') &&
    FORWARDED.every((name) => c.req.header(name) === undefined)
  )
}

/** What is for operators only: numbers for a monitor, or details for people. */
export type OperatorScope = 'metrics' | 'viewer'

/** Whether the caller may see what is for operators only. */
export type IsOperator = (c: Context<AppEnv>, scope: OperatorScope) => Promise<boolean>

/** Whether a secret is that of a living API key which is good for it. */
export type HasApiKey = (secret: string, scope: OperatorScope, ip: string | undefined) => Promise<boolean>

/** An operator is on this very machine, or shows the token, when there is one, or an API key. */
export function createIsOperator(token: SecretInput | undefined, hasApiKey: HasApiKey): IsOperator {
  return async (c, scope) => {
    if (isLocalOperator(c)) return true
    const shown = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (shown === undefined) return false
    if (
      token !== undefined &&
      isEqualInConstantTime(shown, typeof token === 'string' ? token : token.reveal())
    ) {
      return true
    }
    return hasApiKey(shown, scope, c.env.clientIp)
  }
}
