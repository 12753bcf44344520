import type { Clock } from '../kernel/clock.ts'
import { maskPhone } from '../numbers/e164.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { LoginRecord } from '../stores/login-store.ts'
import type { Step, StepFacts, StepName } from './steps.ts'

/** What may become known of a request while it is worked on. */
export type TraceFacts = Partial<
  Pick<
    LoginRecord,
    | 'appid'
    | 'component'
    | 'openid'
    | 'memberId'
    | 'sessionId'
    | 'deviceId'
    | 'maskedSubject'
    | 'phoneSubject'
    | 'platform'
    | 'clientVersion'
  >
>

/** Where those who work on a request tell what happened to it. Telling costs next to nothing and never fails. */
export interface Trace {
  note(step: StepName, facts?: StepFacts): void
  know(facts: TraceFacts): void
  /** The number it is about, with leading `+`. Only its indexes are kept. */
  number(e164: string): void
}

/** Beside what is asked: the name of the request, and its trace. */
export interface Asked {
  requestId?: string | undefined
  trace?: Trace | undefined
}

/** For calls that nobody writes down, such as those of an embedding program. */
export const noTrace: Trace = { note: () => {}, know: () => {}, number: () => {} }

export interface RunningTrace extends Trace {
  readonly startedAtMs: number
  readonly steps: readonly Step[]
  readonly facts: TraceFacts
}

/** A request is asked about WeChat a few times at most; more steps than these mean that something went round. */
const MOST_STEPS = 60

export function startTrace({ clock, vault }: { clock: Clock; vault: PhoneVault }): RunningTrace {
  const startedAtMs = clock.now()
  const steps: Step[] = []
  const facts: TraceFacts = {}
  return {
    startedAtMs,
    steps,
    facts,
    note: (step, told) => {
      if (steps.length < MOST_STEPS) steps.push({ step, atMs: clock.now() - startedAtMs, ...told })
    },
    know: (known) => {
      for (const [name, value] of Object.entries(known)) {
        if (value !== undefined && value !== null) Object.assign(facts, { [name]: value })
      }
    },
    number: (e164) => {
      facts.phoneSubject = vault.subjectsOf(e164)[0] ?? null
      facts.maskedSubject = vault.maskedSubjectsOf(maskPhone(e164))[0] ?? null
    },
  }
}
