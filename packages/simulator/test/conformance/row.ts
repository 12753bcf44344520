import { expect } from 'vitest'
import type { SimulatedTarget } from './simulated.ts'
import type { Reply, Target } from './target.ts'

/**
 * One fact that can be seen from outside. `check` rows need nothing but an account and do no harm, so they
 * run against the real platform too; `simulated` rows need a phone, a clock or somebody's mistake.
 */
export type Row =
  | { section: string; fact: string; check: (target: Target) => Promise<void> }
  | { section: string; fact: string; simulated: (target: SimulatedTarget) => Promise<void> }

const RID = '[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}'
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Expects HTTP 200 with exactly an errcode and an errmsg in the form of `/cgi-bin` and `/wxa`. */
export function expectRefusal(reply: Reply, errcode: number, text: string): void {
  expectError(reply, errcode, `^${literal(text)}( hint: \\[[\\w.-]+\\])? rid: ${RID}$`)
}

/** The same in the form of `/sns`: a comma before the rid. */
export function expectSnsRefusal(reply: Reply, errcode: number, text: string): void {
  expectError(reply, errcode, `^${literal(text)}, rid: ${RID}$`)
}

function expectError(reply: Reply, errcode: number, pattern: string): void {
  expect(reply.status).toBe(200)
  expect(reply.json).toEqual({ errcode, errmsg: expect.stringMatching(new RegExp(pattern)) })
}

export const NOT_LATEST =
  'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r'
export const UNKNOWN_APPID = 'wx0000000000000000'
