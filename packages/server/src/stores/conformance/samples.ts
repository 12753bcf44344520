import type { Identity } from '../member-store.ts'

/** Records with what most tests do not look at; each names what it is about. */
export function identity(over: Partial<Identity> = {}): Identity {
  return {
    provider: 'wechat-openid',
    scope: 'wx1',
    subject: 'o1',
    memberId: 'm1',
    sealed: null,
    country: null,
    maskedSubject: null,
    verifiedBy: null,
    createdAtMs: 1,
    verifiedAtMs: 1,
    ...over,
  }
}

export function phone(over: Partial<Identity> = {}): Identity {
  return identity({
    provider: 'phone',
    scope: '*',
    subject: 'p1',
    sealed: 'x',
    country: 'CN',
    verifiedBy: 'quick',
    ...over,
  })
}
