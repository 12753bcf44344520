import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@haoma/protocol'
import { createCodeKey } from '../exchange/code-key.ts'
import { createForgetCodesJob, createOverdueCodesJob } from '../exchange/jobs.ts'
import { createSpend, type ExchangePolicy, type SpendParts } from '../exchange/spend.ts'
import { createLedgerWriter } from '../ledger/entries.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import { createAskWeChat } from '../ways/wechat/ask-wechat.ts'
import { createPhoneService, type PhoneServiceParts } from '../ways/wechat/bind-phone.ts'
import { createLoginService, type LoginServiceParts } from '../ways/wechat/login.ts'
import type { ConnectedApps } from './apps.ts'

export interface CodesParts
  extends Pick<SpendParts, 'db' | 'clock' | 'newId' | 'logger' | 'track'>,
    Omit<LoginServiceParts & PhoneServiceParts, 'hasApp' | 'ask' | 'spend' | 'keyOf'> {
  options: Pick<HaomaOptions, 'wechatTimeoutMs' | 'bindOpenid'>
  keyRing: Parameters<typeof createCodeKey>[0]
  apps: Pick<ConnectedApps, 'wechat' | 'hasMiniProgram'>
  exchangePolicy: Partial<ExchangePolicy> | undefined
}

/** A code dies at WeChat 5 minutes after the tap; ours is remembered a little longer than any clock is off. */
const CODE_MARGIN_MS = 60_000
/** What storing an answer takes at most, under which a process that stops still waits for it. */
export const STORING_MS = 5000

/** Puts together how single-use codes are spent, and the two ways in that bring them. */
export function assembleCodes({ options, keyRing, apps, exchangePolicy, ...parts }: CodesParts) {
  const { wechatTimeoutMs = defaults.wechatTimeoutMs, bindOpenid = defaults.bindOpenid } = options
  const { db, clock } = parts
  const ledger = createLedgerWriter(parts.newId)
  const policy = { ...exchangePolicyFor(wechatTimeoutMs), ...exchangePolicy }
  const keyOf = createCodeKey(keyRing)
  const spend = createSpend({ ...parts, keyOf, ledger, policy, sleep: (ms) => sleep(ms) })
  const ask = createAskWeChat({ wechat: apps.wechat, clock, timeoutMs: wechatTimeoutMs, bindOpenid })
  const brought = { ...parts, hasApp: apps.hasMiniProgram, ask, spend, keyOf }
  return {
    spend,
    keyOf,
    askUser: ask.user,
    askNumber: ask.number,
    login: createLoginService(brought),
    phones: createPhoneService(brought),
    codeLifeMs: policy.lifeMs,
    /** A login waits for another process, then asks WeChat twice; the rest is storing. */
    longestMs: 3 * wechatTimeoutMs + STORING_MS,
    jobs: [createOverdueCodesJob({ db, clock, ledger }), createForgetCodesJob({ db, clock, ledger })],
  }
}

function exchangePolicyFor(wechatTimeoutMs: number): ExchangePolicy {
  const lifeMs = limits.codeLifeS * 1000 + CODE_MARGIN_MS
  return {
    lifeMs,
    keepMs: lifeMs,
    leaseMs: 15_000,
    waitMs: wechatTimeoutMs,
    pollMs: 50,
    graceMs: 2000,
    patienceMs: 1000,
    longestPauseMs: 1000,
    replays: 20,
  }
}
