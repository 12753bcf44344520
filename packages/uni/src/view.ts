import type { LoginError } from './login-error.ts'
import { isBound, type State } from './machine.ts'
import type { LoginStatus } from './types.ts'

/** What a page sees of the machine, and nothing else is kept beside it. */
export interface View {
  status: LoginStatus
  error: LoginError | undefined
  isBusy: boolean
  canRetry: boolean
}

/** Rows in order; the first whose condition holds names the status. */
const statuses: [LoginStatus, (state: State) => boolean][] = [
  ['exchanging', ({ tap }) => tap.at === 'exchanging'],
  ['outside-wechat', ({ session }) => session.at === 'out' && session.error !== undefined],
  ['signed-out', ({ session }) => session.at === 'out'],
  // A code of the last launch is sent as soon as it is known who is here.
  ['exchanging', ({ session, tap }) => tap.at === 'held' && !tap.error && session.at !== 'failed'],
  ['asking', ({ tap }) => tap.at === 'asking'],
  ['starting', ({ session }) => session.at === 'starting' && !isBound(session.member)],
  ['failed', ({ session, tap }) => session.at === 'failed' || tap.at === 'held' || isDeadEnd(tap.error)],
  ['bound', ({ session }) => isBound(session.member)],
  ['ready', () => true],
]

const isDeadEnd = (error: LoginError | undefined) => error !== undefined && error.action !== 'tap-again'

const busy: LoginStatus[] = ['starting', 'asking', 'exchanging']

export function viewOf(state: State): View {
  const status = statuses.find(([, holds]) => holds(state))?.[0] ?? 'ready'
  const { session, tap } = state
  return {
    status,
    // While nobody is here a tap cannot help, whatever the last one came to.
    error: session.at === 'failed' && tap.at !== 'held' ? session.error : (tap.error ?? session.error),
    isBusy: busy.includes(status),
    canRetry: status === 'failed' && (session.at === 'failed' || tap.at === 'held'),
  }
}
