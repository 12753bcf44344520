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

/** Whether the caller may see what is for operators only. */
export type IsOperator = (c: Context<AppEnv>) => boolean

/** An operator is on this very machine, or shows the token, when there is one. */
export function createIsOperator(token: SecretInput | undefined): IsOperator {
  return (c) => {
    if (isLocalOperator(c)) return true
    const shown = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (token === undefined || shown === undefined) return false
    return isEqualInConstantTime(shown, typeof token === 'string' ? token : token.reveal())
  }
}
