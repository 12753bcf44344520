import { allOf } from '../../kernel/all-of.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { Database } from '../../stores/database.ts'
import type { SmsRequest } from '../../stores/sms-store.ts'
import type { SmsCodes } from './codes.ts'
import { DAY_MS, slotHolder, waitMs } from './number-history.ts'
import type { SmsPolicy } from './policy.ts'
import type { SmsProvider } from './providers/provider.ts'

/** Whether a code may go to a number now. */
export type Claim =
  | { outcome: 'claimed'; id: string; request: SmsRequest; day: string }
  /** The device has asked a moment ago, and that code is on its way. */
  | { outcome: 'repeated'; request: SmsRequest; atMs: number }
  | { outcome: 'wait'; waitMs: number }
  | { outcome: 'over-budget' }

export interface ClaimParts {
  db: Database
  vault: PhoneVault
  codes: SmsCodes
  provider: SmsProvider
  policy: SmsPolicy
  clock: Clock
  newId: NewId
}

export interface ClaimRequest {
  appid: string
  e164: string
  code: string
  ip: string | undefined
  deviceId: string | undefined
}

/**
 * Takes the number's slot, in one transaction with its limits and the budget of the day, before anything is sent. A unique
 * index decides between processes; the one that loses looks again and finds the slot taken. Times are of the clock that
 * all processes share.
 */
export function createClaim({ db, vault, codes, provider, policy, clock, newId }: ClaimParts) {
  return ({ appid, e164, code, ip, deviceId }: ClaimRequest): Promise<Claim> =>
    db.transaction(async (stores): Promise<Claim> => {
      const subjects = vault.subjectsOf(e164)
      const [keyId, history] = await allOf([
        stores.indexKeys.findWriting(),
        stores.sms.look(subjects, { nowMs: clock.now(), withinMs: DAY_MS }),
      ])
      const { atMs } = history
      const holder = slotHolder(history, policy)
      if (holder && isRepeat(holder, { appid, deviceId }))
        return { outcome: 'repeated', request: holder, atMs }
      const ms = waitMs(history, policy)
      if (ms > 0) return { outcome: 'wait', waitMs: ms }
      const day = dayOf(atMs)
      if (!(await stores.sms.spend(day, policy.budgetADay))) return { outcome: 'over-budget' }

      const number = vault.protect(e164, keyId)
      const id = newId(atMs)
      const request: SmsRequest = {
        id,
        appid,
        subject: number.subject,
        sealed: number.sealed,
        maskedSubject: number.maskedSubject,
        slot: number.subject,
        state: 'claimed',
        codeDigest: codes.digestOf(id, code),
        tries: 0,
        provider: provider.name,
        providerRef: null,
        providerError: null,
        ip: ip ?? null,
        deviceId: deviceId ?? null,
        createdAtMs: atMs,
        sentAtMs: null,
        expiresAtMs: atMs + policy.codeLifeS * 1000,
        usedAtMs: null,
        sessionId: null,
      }
      // Not the slot of a request that came in between: its index refuses ours.
      await stores.sms.freeSlot(subjects, atMs - policy.resendInS * 1000)
      await stores.sms.add(request)
      return { outcome: 'claimed', id, request, day }
    })
}

/** The same device in the same app, whose answer was lost, or whose user tapped twice. */
function isRepeat(
  { appid, deviceId, state }: SmsRequest,
  by: { appid: string; deviceId: string | undefined },
): boolean {
  const isOpen = state === 'claimed' || state === 'sent' || state === 'unknown'
  return isOpen && by.deviceId !== undefined && deviceId === by.deviceId && appid === by.appid
}

const SHANGHAI_MS = 8 * 3_600_000

/** The day in Asia/Shanghai. */
const dayOf = (ms: number): string => new Date(ms + SHANGHAI_MS).toISOString().slice(0, 10)
