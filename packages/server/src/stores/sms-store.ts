/**
 * Where a code by SMS stands: `claimed` the number's slot is taken and nobody knows yet whether it was sent · `sent` ·
 * `unknown` the provider was asked and did not answer: it may arrive · `failed` the provider refused it · `used` somebody
 * came in by it · `burnt` by wrong tries.
 */
export type SmsState = 'claimed' | 'sent' | 'unknown' | 'failed' | 'used' | 'burnt'

/** States of a code that may still be entered, until its time is over, which nobody writes down. */
export const openSmsStates: readonly SmsState[] = ['claimed', 'sent', 'unknown']

/** A code that was asked for. */
export interface SmsRequest {
  id: string
  appid: string
  subject: string
  sealed: string
  maskedSubject: string
  /** The number's `subject` while no other code may be sent to it, or since nobody asked for one. */
  slot: string | null
  state: SmsState
  /** Keyed digest of the code; `null` when there is none to be entered any more. */
  codeDigest: string | null
  /** How many codes were entered for it, right and wrong. */
  tries: number
  provider: string
  /** What the provider calls the message. */
  providerRef: string | null
  /** The provider's own code of error, or ours when it could not be asked. */
  providerError: string | null
  ip: string | null
  deviceId: string | null
  createdAtMs: number
  sentAtMs: number | null
  expiresAtMs: number
  usedAtMs: number | null
  /** What the code opened. */
  sessionId: string | null
}

/** How the sending of a code went. */
export interface SmsSending {
  state: 'sent' | 'unknown' | 'failed'
  providerRef: string | null
  providerError: string | null
  nowMs: number
}

export interface SmsFilter {
  /** Indexes of a masked number. */
  maskedSubjects?: readonly string[] | undefined
  subjects?: readonly string[] | undefined
  appid?: string | undefined
  state?: SmsState | 'expired' | undefined
}

export interface SmsPage {
  /** Requests before this one, in the order of the list. */
  before?: { createdAtMs: number; id: string } | undefined
  limit: number
  nowMs: number
}

/** What became of the messages of a day. */
export interface SmsOutcomeCount {
  state: SmsState
  providerError: string | null
  /** From the start of the window, in whole days. */
  daysLater: number
  entries: number
}

export interface SmsStore {
  /** Requests for a number, newest first, and the time by the clock that all processes share. */
  look(
    subjects: readonly string[],
    window: { nowMs: number; withinMs: number },
  ): Promise<{ atMs: number; requests: SmsRequest[] }>
  /** Counts one message of a day (`YYYY-MM-DD`). False, and nothing counted, when the budget is used up. */
  spend(day: string, budget: number): Promise<boolean>
  /** Takes one back that was not sent. */
  giveBack(day: string): Promise<void>
  /** Messages counted on a day. */
  sentOn(day: string): Promise<number>
  /** Lets the next code for the number be asked for, where its slot was taken up to this time, and by no later request. */
  freeSlot(subjects: readonly string[], upToMs: number): Promise<void>
  /** @throws {StoreConflictError} When the slot is taken. */
  add(request: SmsRequest): Promise<void>
  /** Writes down how it went; one that failed has no code any more and frees its slot. */
  settle(id: string, sending: SmsSending): Promise<void>
  /**
   * Counts a try and gives the request. Atomic: of any number of calls so many get it as there are tries. `undefined`
   * when there are none left, it is over, or there is no such request.
   */
  countTry(id: string, limit: { tries: number; nowMs: number }): Promise<SmsRequest | undefined>
  /** Takes the code away. */
  burn(id: string): Promise<void>
  /** Uses the code. True for exactly one caller; waits for who is about to. */
  use(id: string, nowMs: number): Promise<boolean>
  /** What the code opened. */
  opened(id: string, sessionId: string): Promise<void>
  find(id: string): Promise<SmsRequest | undefined>
  /** Every request for a number, oldest first. */
  listOf(subjects: readonly string[]): Promise<SmsRequest[]>
  /** Requests, newest first. */
  search(filter: SmsFilter, page: SmsPage): Promise<SmsRequest[]>
  /** Outcomes since a time, by day. */
  countOutcomes(sinceMs: number): Promise<SmsOutcomeCount[]>
  /** Requests whose number is written with another key, in the order of their ids. */
  listToRekey(keyId: string, page: { after: string; limit: number }): Promise<SmsRequest[]>
  countToRekey(keyId: string): Promise<number>
  rekey(id: string, to: Pick<SmsRequest, 'subject' | 'sealed' | 'maskedSubject'>): Promise<void>
}
