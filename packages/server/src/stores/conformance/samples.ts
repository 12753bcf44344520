import type { BalanceReading } from '../balance-store.ts'
import type { LedgerRow } from '../ledger-store.ts'
import type { Identity } from '../member-store.ts'
import type { Pack } from '../tariff-store.ts'

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

export function ledgerRow(over: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id: 'l1',
    codeKey: over.id ?? 'l1',
    appid: 'wx1',
    surface: 'login',
    clientId: null,
    component: 'quick',
    state: 'used',
    cause: '',
    source: 'intent',
    isBilled: 1,
    listLi: 30,
    chargeLi: 0,
    chargedTo: null,
    build: 'release',
    clientVersion: '0.1.0',
    platform: 'ios',
    openid: 'o1',
    memberId: null,
    maskedSubject: null,
    reason: null,
    errcode: null,
    rid: null,
    requestId: null,
    attempts: 1,
    wechatMs: 80,
    consentedAtMs: null,
    seenAtMs: 1_700_000_000_000,
    settledAtMs: 1_700_000_000_001,
    bookedAtMs: null,
    ...over,
  }
}

export function pack(over: Partial<Pack> = {}): Pack {
  return {
    id: 'p1',
    appid: 'wx1',
    component: 'quick',
    kind: 'pack',
    name: '',
    spuId: null,
    packageId: null,
    entries: 100,
    priceLi: 3000,
    usedBefore: 0,
    usedEntries: 0,
    allocatedLi: 0,
    startsAtMs: 0,
    endsAtMs: null,
    createdAtMs: 1,
    ...over,
  }
}

export function reading(over: Partial<BalanceReading> = {}): BalanceReading {
  return {
    id: 'r1',
    appid: 'wx1',
    component: 'quick',
    spuId: '10000077',
    atMs: 20,
    wechatTotal: 10,
    wechatUsed: 2,
    wechatLeft: 8,
    packages: [],
    error: null,
    oursUsed: null,
    difference: null,
    explanation: [],
    reconciledAtMs: null,
    ...over,
  }
}
