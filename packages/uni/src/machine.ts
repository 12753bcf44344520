import type { MemberView, PhoneComponent } from '@haoma/protocol'
import { isInVain, type LocalReason } from './endings.ts'
import { LoginError, withAction } from './login-error.ts'
import type { PrivacyStep } from './types.ts'

/**
 * Life of a phone code and of a login code, in milliseconds. The protocol says so too, but a value taken from
 * there would bring its whole error table into the mini program.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
 */
export const codeLifeMs = 300_000

/** A phone code that is paid for and not yet turned into a number. */
export interface HeldCode {
  phoneCode: string
  component: PhoneComponent
  /** Life is counted from the tap. */
  diesAtMs: number
}

/** Who is here. A start carries a number, so that the result of one that was overtaken changes nothing. */
interface SessionRegion {
  at: 'starting' | 'in' | 'out' | 'failed'
  run: number
  member: MemberView | undefined
  /** Why nobody is here. */
  error: LoginError | undefined
}

/** What became of the last tap. */
interface TapRegion {
  at: 'idle' | 'asking' | 'exchanging' | 'held'
  component: PhoneComponent | undefined
  /** Kept when WeChat loses the event: a late one counts from here. */
  tappedAtMs: number | undefined
  /** Paid codes that have not had their end, the one in use first. Empty when `idle` or `asking`. */
  codes: HeldCode[]
  /** The code that had its end last: its event may come twice. */
  endedCode: string | undefined
  error: LoginError | undefined
  /** Endings in a row that another tap was to mend and did not. */
  strikes: number
}

export interface State {
  session: SessionRegion
  tap: TapRegion
  privacy: PrivacyStep
  /** Which paid buttons the service lets us show. */
  components: Record<PhoneComponent, boolean>
  /** Whether this launch made the member. */
  isNew: boolean
}

export type Event =
  // Of the session.
  | { type: 'start' }
  | { type: 'recalled'; run: number; member: MemberView | undefined }
  | {
      type: 'signed-in'
      run: number
      member: MemberView | undefined
      components?: State['components'] | undefined
      isNew?: boolean | undefined
    }
  | { type: 'start-failed'; run: number; member: MemberView | undefined; error: LoginError }
  | { type: 'session-lost'; error: LoginError }
  | { type: 'member-changed'; member: MemberView }
  | { type: 'signed-out' }
  | { type: 'no-wechat' }
  // Of the tap.
  | { type: 'tapped'; component: PhoneComponent; atMs: number }
  | { type: 'consented'; phoneCode: string; component: PhoneComponent; atMs: number }
  | { type: 'refused'; component: PhoneComponent; reason: LocalReason }
  | { type: 'no-event' }
  | { type: 'bound'; phoneCode: string; member: MemberView; atMs: number }
  | { type: 'exchange-failed'; phoneCode: string; error: LoginError; atMs: number }
  | { type: 'restored'; codes: HeldCode[] }
  | { type: 'resend'; atMs: number }
  | { type: 'dismissed' }
  | { type: 'noted'; error: LoginError }
  | { type: 'privacy-needed' }
  | { type: 'privacy-agreed'; step: PrivacyStep }

type Row<Type extends Event['type']> = (state: State, event: Extract<Event, { type: Type }>) => State

export const initialState = (privacy: PrivacyStep): State => ({
  session: { at: 'starting', run: 0, member: undefined, error: undefined },
  tap: {
    at: 'idle',
    component: undefined,
    tappedAtMs: undefined,
    codes: [],
    endedCode: undefined,
    error: undefined,
    strikes: 0,
  },
  privacy,
  components: { quick: true, realtime: true },
  isNew: false,
})

/** Strikes after which the tap is given up for another way in. */
const mostStrikes = 2

const withSession = (state: State, change: Partial<SessionRegion>): State => ({
  ...state,
  session: { ...state.session, ...change },
})
const withTap = (state: State, change: Partial<TapRegion>): State => ({
  ...state,
  tap: { ...state.tap, ...change },
})

/**
 * Whether a tap can be of use: nothing is under way, no paid code waits, and it is known that the number is missing
 * (or is to be changed).
 */
export function canTap({ session, tap }: State): boolean {
  return tap.at === 'idle' && (session.at === 'in' || (session.at === 'starting' && isBound(session.member)))
}

export const isBound = (member: MemberView | undefined) => member?.phone.bound === true

/** Whether sending the same phone code again can help: it is not spent, or the answer to it is kept. */
export const canResend = ({ action }: LoginError) => action === 'retry' || action === 'login-again'

/** A tap is over without a number. */
function end(state: State, error: LoginError, component = state.tap.component): State {
  const strikes = state.tap.strikes + (isInVain(error) ? 1 : 0)
  // Neither a tap that was in vain twice nor a check that was just made is asked for again.
  const isLoop =
    (isInVain(error) && strikes >= mostStrikes) ||
    (error.action === 'verify-number' && component === 'realtime')
  return withTap(state, {
    at: 'idle',
    component,
    codes: [],
    tappedAtMs: undefined,
    endedCode: state.tap.codes[0]?.phoneCode ?? state.tap.endedCode,
    error: isLoop ? withAction(error, 'use-fallback') : error,
    strikes,
  })
}

const livingOf = (codes: HeldCode[], atMs: number) => codes.filter(({ diesAtMs }) => diesAtMs > atMs)

/** Sends the first code that still lives; when none does, the consent has ended. */
function send(state: State, codes: HeldCode[], atMs: number, whenDead: LoginError): State {
  const living = livingOf(codes, atMs)
  const [first] = living
  if (!first) return end(codes.length > 0 ? withTap(state, { codes }) : state, whenDead)
  // After signing out nobody signs in by a late event: the code waits for the user to come back.
  if (state.session.at === 'out')
    return withTap(state, { at: 'held', codes: living, error: new LoginError('signed-out') })
  return withTap(state, { at: 'exchanging', codes: living, component: first.component, error: undefined })
}

const isCurrent = (state: State, { run }: { run: number }) =>
  state.session.run === run && state.session.at !== 'out'

/** What each event does. Rows of the session leave the tap alone and the other way round, but for a number that is bound. */
const rows: { [Type in Event['type']]: Row<Type> } = {
  start: (state) => withSession(state, { at: 'starting', run: state.session.run + 1, error: undefined }),
  recalled: (state, event) =>
    isCurrent(state, event) ? withSession(state, { member: event.member }) : state,
  'signed-in'(state, event) {
    if (!isCurrent(state, event)) return state
    const { member, components = state.components, isNew = state.isNew } = event
    const known = { ...withSession(state, { at: 'in', member, error: undefined }), components, isNew }
    // The service has the number after all: nothing that was said about a tap holds.
    return isBound(member) ? rows.dismissed(known, { type: 'dismissed' }) : known
  },
  'start-failed': (state, event) =>
    isCurrent(state, event)
      ? withSession(state, { at: 'failed', member: event.member, error: event.error })
      : state,
  'session-lost': (state, { error }) =>
    state.session.at === 'out' ? state : withSession(state, { at: 'failed', member: undefined, error }),
  'member-changed': (state, { member }) =>
    withSession(state, { at: 'in', run: state.session.run + 1, member, error: undefined }),
  // A code that is being exchanged is paid for: it has its end first.
  'signed-out': (state) =>
    state.tap.at === 'exchanging'
      ? state
      : withTap(
          withSession(state, { at: 'out', run: state.session.run + 1, member: undefined, error: undefined }),
          {
            at: state.tap.at === 'held' ? 'held' : 'idle',
            error: undefined,
            component: undefined,
            strikes: 0,
          },
        ),
  'no-wechat': (state) =>
    withSession(state, { at: 'out', member: undefined, error: new LoginError('outside-wechat') }),

  tapped: (state, { component, atMs }) =>
    canTap(state) ? withTap(state, { at: 'asking', component, tappedAtMs: atMs, error: undefined }) : state,
  consented(state, { phoneCode, component, atMs }) {
    const { tap } = state
    if (phoneCode === tap.endedCode || tap.codes.some((code) => code.phoneCode === phoneCode)) return state
    // WeChat counts from the tap, not from the consent. Without a tap we know only the consent.
    const code = { phoneCode, component, diesAtMs: (tap.tappedAtMs ?? atMs) + codeLifeMs }
    const noted = withTap(state, { component, tappedAtMs: undefined })
    // A second consent while the first is on its way is paid for as well: it stands by.
    if (tap.at === 'exchanging') return withTap(state, { codes: [...tap.codes, code] })
    // In the order of the consents, so that the number chosen last is the one that stays.
    return send(noted, [...tap.codes, code], atMs, new LoginError('late'))
  },
  refused(state, { component, reason }) {
    if (state.tap.codes.length > 0) return state
    const ended = end(state, new LoginError(reason), component)
    return reason === 'privacy' ? { ...ended, privacy: 'before-tap' } : ended
  },
  'no-event': (state) =>
    state.tap.at === 'asking' ? withTap(state, { at: 'idle', error: new LoginError('no-event') }) : state,
  bound(state, { phoneCode, member, atMs }) {
    if (!isInUse(state, phoneCode)) return state
    const known = withTap(rows['member-changed'](state, { type: 'member-changed', member }), {
      at: 'idle',
      codes: [],
      endedCode: phoneCode,
      error: undefined,
      strikes: 0,
    })
    // Another consent that was paid for meanwhile has its end as well.
    const waiting = livingOf(state.tap.codes.slice(1), atMs)
    return waiting.length > 0 ? send(known, waiting, atMs, new LoginError('late')) : known
  },
  'exchange-failed'(state, { phoneCode, error, atMs }) {
    if (!isInUse(state, phoneCode)) return state
    if (canResend(error)) return withTap(state, { at: 'held', error })
    // What stands by may be good although the first was not.
    return error.action === 'tap-again'
      ? send(state, state.tap.codes.slice(1), atMs, error)
      : end(state, error)
  },
  restored: (state, { codes }) =>
    state.tap.at === 'idle' && codes.length > 0
      ? withTap(state, { at: 'held', codes, component: codes[0]?.component })
      : state,
  resend: (state, { atMs }) =>
    state.tap.at === 'held' ? send(state, state.tap.codes, atMs, new LoginError('code-expired')) : state,
  // A code that is held stays held: it is paid for.
  dismissed: (state) => (state.tap.at === 'idle' ? withTap(state, { error: undefined }) : state),

  noted: (state, { error }) => (state.tap.at === 'idle' ? withTap(state, { error }) : state),

  'privacy-needed': (state) => ({ ...state, privacy: 'before-tap' }),
  'privacy-agreed': (state, { step }) => ({ ...rows.dismissed(state, { type: 'dismissed' }), privacy: step }),
}

function isInUse({ tap }: State, phoneCode: string): boolean {
  return tap.at === 'exchanging' && tap.codes[0]?.phoneCode === phoneCode
}

/** The state after an event. Pure: no clock, no storage, no network. */
export function reduce(state: State, event: Event): State {
  return (rows[event.type] as (state: State, event: Event) => State)(state, event)
}
