import type { SmsRequest } from '../../stores/sms-store.ts'
import type { SmsPolicy } from './policy.ts'

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

type Past = Pick<SmsRequest, 'slot' | 'state' | 'createdAtMs'>

/** What was asked for a number within a day, newest first, and the time now. */
export interface NumberHistory<Request extends Past = SmsRequest> {
  atMs: number
  requests: readonly Request[]
}

/** The request that has the number's slot, as long as it has it. */
export function slotHolder<Request extends Past>(
  { atMs, requests }: NumberHistory<Request>,
  { resendInS }: Pick<SmsPolicy, 'resendInS'>,
): Request | undefined {
  return requests.find(({ slot, createdAtMs }) => slot !== null && createdAtMs + resendInS * 1000 > atMs)
}

/** How long nothing may be sent to the number, in milliseconds; 0 when something may. */
export function waitMs(
  history: NumberHistory<Past>,
  policy: Pick<SmsPolicy, 'resendInS' | 'anHour' | 'aDay'>,
): number {
  const { atMs, requests } = history
  const holder = slotHolder(history, policy)
  const untilNext = holder ? holder.createdAtMs + policy.resendInS * 1000 - atMs : 0
  const sends = requests.filter(({ state }) => state !== 'failed')
  const windows = [
    { points: policy.anHour, withinMs: HOUR_MS },
    { points: policy.aDay, withinMs: DAY_MS },
  ]
  const untilFree = windows.map(({ points, withinMs }) => {
    const within = sends.filter(({ createdAtMs }) => createdAtMs + withinMs > atMs)
    const oldestThatCounts = within[points - 1]
    return oldestThatCounts ? oldestThatCounts.createdAtMs + withinMs - atMs : 0
  })
  return Math.max(untilNext, ...untilFree)
}

/** Whether somebody has to prove first that no program asks. */
export function needsCaptcha(
  { requests }: NumberHistory<Past>,
  { captcha }: Pick<SmsPolicy, 'captcha'>,
): boolean {
  if (!captcha) return false
  const sends = requests.filter(({ state }) => state !== 'failed')
  return sends.length >= (captcha.freeADay ?? 0) || requests.some(({ state }) => state === 'burnt')
}
