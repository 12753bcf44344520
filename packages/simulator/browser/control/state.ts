import type { AccessToken, TokenState } from '../../src/model/access-tokens.ts'
import type { App } from '../../src/model/apps.ts'
import type { Bill, Pack } from '../../src/model/billing.ts'
import type { PhoneComponent } from '../../src/model/codes.ts'
import type { Fault } from '../../src/model/faults.ts'
import type { UserNumber } from '../../src/model/users.ts'

/** `GET /_control/state`, as far as this page reads it. */
export interface State {
  seed: string
  clock: ClockState
  apps: AppState[]
  users: UserState[]
  accessTokens: TokenView[]
  codes: CodeView[]
  bills: Bill[]
  nextEvents: Array<{ appid?: string; user?: string; ending?: string; count: number }>
  faults: Fault[]
  log: { on: boolean; size: number }
}

export interface ClockState {
  nowMs: number
  offsetMs: number
  frozen: boolean
}

export interface AppState extends Omit<App, 'apiSecurity'> {
  apiSecurity: object | null
  hasPhonePermission: boolean
  trial: Record<PhoneComponent, { size: number; used: number }>
  packs: Pack[]
}

export interface UserState {
  name: string
  blocked: boolean
  numbers: UserNumber[]
  identities: Array<{ appid: string; openid: string; unionid?: string; privacyAgreed: boolean }>
}

export interface TokenView extends AccessToken {
  state: TokenState
}

export interface CodeView {
  kind: 'login' | 'phone'
  code: string
  appid: string
  user: string
  openid: string
  bornAtMs: number
  usedAtMs?: number
  component?: PhoneComponent
  number?: string
}

export interface SwitchView {
  key: string
  value: string
  default: string
  values: string[]
  zh: string
  en: string
  source: { zh: string; en: string }
}

export { CODE_TTL_MS } from '../../src/model/ageing-codes.ts'
export { CURRENT_BASE_LIBRARY } from '../../src/model/base-library.ts'
export { type Bill, components, PRICE_LI } from '../../src/model/billing.ts'
export type { PhoneComponent } from '../../src/model/codes.ts'
export type { Fault, FaultKind } from '../../src/model/faults.ts'
export { platforms } from '../../src/model/phone-events.ts'
export type { LogEntry } from '../../src/model/request-log.ts'
