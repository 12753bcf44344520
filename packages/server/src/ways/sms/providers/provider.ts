/** A code on its way to a phone. */
export interface SmsMessage {
  /** Our name of it. */
  requestId: string
  /** With leading `+`. */
  e164: string
  nationalNumber: string
  countryCallingCode: string
  code: string
  /** How long the code is good, in whole minutes. */
  lifeMinutes: number
}

/** Why a provider did not send: it decides what the user is told. */
export type Refusal =
  /** No such number. */
  | 'number'
  /** A country that the provider does not send to. */
  | 'country'
  /** The provider lets no more go to this number, or no more at once; in a while it does. */
  | 'too-often'
  /** Paid for no more, or the provider's limit of a day. */
  | 'quota'
  /** The number, or its carrier, takes none. */
  | 'blocked'
  /** Keys, signature, template, permissions: an administrator has to mend it. */
  | 'setup'
  /** The provider cannot be reached; nothing was sent. */
  | 'unreachable'

/** How the sending went. */
export type SmsOutcome =
  | { outcome: 'sent'; ref: string | null }
  /** The provider was asked and nobody knows what it did: the SMS may arrive, and is paid for then. */
  | { outcome: 'unknown'; error: string }
  | {
      outcome: 'refused'
      refusal: Refusal
      /** The provider's own code of error. */
      error: string
      /** Until it may be tried again, where the provider tells. */
      retryAfterS?: number
    }

/** Who sends. Asked once for a code, whatever comes of it. */
export interface SmsProvider {
  /** Its name in records and metrics. */
  readonly name: string
  /** What it throws counts as an outcome that nobody knows. */
  send(message: SmsMessage): Promise<SmsOutcome>
}
