import { supportCodeOf } from '../kernel/ids.ts'
import type { LoginRecord, LoginWay } from '../stores/login-store.ts'
import type { RunningTrace } from './trace.ts'

/** How a request ended. */
export interface RequestEnd {
  requestId: string
  way: LoginWay
  /** `ok`, or the code of the error. */
  outcome: string
  status: number
  wechat: { errcode: number; rid?: string | undefined } | undefined
  nowMs: number
  clientId: string | undefined
  loginCodeKey: string | undefined
  phoneCodeKey: string | undefined
}

/** Makes the entry of the journal from what was told on the way. */
export function entryOf(trace: RunningTrace, end: RequestEnd): LoginRecord {
  const { facts, startedAtMs } = trace
  const asked = trace.steps.filter(({ step }) => step === 'asked-wechat')
  const totalMs = Math.max(0, end.nowMs - startedAtMs)
  const answered = { step: 'answered', atMs: totalMs, outcome: end.outcome, state: String(end.status) }
  return {
    id: end.requestId,
    supportCode: supportCodeOf(end.requestId),
    atMs: startedAtMs,
    way: end.way,
    appid: facts.appid ?? null,
    clientId: end.clientId ?? null,
    component: facts.component ?? null,
    outcome: end.outcome,
    errcode: end.wechat?.errcode ?? null,
    rid: end.wechat?.rid ?? null,
    openid: facts.openid ?? null,
    memberId: facts.memberId ?? null,
    sessionId: facts.sessionId ?? null,
    deviceId: facts.deviceId ?? null,
    loginCodeKey: end.loginCodeKey ?? null,
    phoneCodeKey: end.phoneCodeKey ?? null,
    maskedSubject: facts.maskedSubject ?? null,
    phoneSubject: facts.phoneSubject ?? null,
    platform: facts.platform ?? null,
    clientVersion: facts.clientVersion ?? null,
    wechatMs: asked.length === 0 ? null : asked.reduce((sum, { ms = 0 }) => sum + ms, 0),
    totalMs,
    steps: JSON.stringify([...trace.steps, answered]),
  }
}
