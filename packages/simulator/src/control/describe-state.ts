import { CODE_TTL_MS } from '../model/ageing-codes.ts'
import { hasPhonePermission } from '../model/apps.ts'
import type { Model } from '../model/model.ts'
import { displayPhoneNumber, maskNationalNumber } from '../model/phone-numbers.ts'
import { openidOf, unionidOf } from '../model/users.ts'

/** How many of the newest codes the state shows. */
const CODES_SHOWN = 100

/** Everything a control page or a test wants to know at one look. */
export function describeState(model: Model): object {
  return {
    seed: model.seed,
    clock: describeClock(model),
    apps: describeApps(model),
    users: describeUsers(model),
    accessTokens: describeTokens(model),
    codes: describeCodes(model),
    bills: model.apps.list().map((app) => model.billing.bill(app.appid)),
    privacy: model.privacy.list(),
    nextEvents: model.nextEvents.list(),
    faults: model.faults.list(),
    switches: model.switches.values(),
    log: { on: model.log.isOn, size: model.log.size() },
  }
}

export function describeClock({ clock }: Model): object {
  return { nowMs: clock.nowMs(), offsetMs: clock.offsetMs, frozen: clock.isFrozen }
}

function describeApps({ apps, billing }: Model): object[] {
  return apps.list().map((app) => ({
    ...app,
    apiSecurity: app.apiSecurity && {
      symmetricSerial: app.apiSecurity.symmetricSerial,
      appKeySerial: app.apiSecurity.appKeySerial,
      platform: app.apiSecurity.platform.map(({ serial }) => serial),
    },
    hasPhonePermission: hasPhonePermission(app),
    trial: { quick: billing.trial(app.appid, 'quick'), realtime: billing.trial(app.appid, 'realtime') },
    packs: billing.packs(app.appid),
  }))
}

function describeUsers({ apps, users, privacy }: Model): object[] {
  const miniPrograms = apps.list().filter((app) => app.accountType === 'mini-program')
  return users.list().map((user) => ({
    name: user.name,
    blocked: user.blocked,
    numbers: user.numbers.map((number) => ({
      ...number,
      masked: maskNationalNumber(number),
      display: displayPhoneNumber(number),
    })),
    identities: miniPrograms.map((app) => ({
      appid: app.appid,
      openid: openidOf(app, user.name),
      unionid: unionidOf(app, user.name),
      privacyAgreed: privacy.hasAgreed(app.appid, user.name),
    })),
  }))
}

function describeTokens({ accessTokens, clock }: Model): object[] {
  const nowMs = clock.nowMs()
  return accessTokens.list().map((token) => ({
    ...token,
    state: accessTokens.stateOf(token),
    remainingS: Math.max(0, Math.floor(((token.retiredAtMs ?? token.expiresAtMs) - nowMs) / 1000)),
  }))
}

function describeCodes({ loginCodes, phoneCodes, clock }: Model): object[] {
  const nowMs = clock.nowMs()
  const state = (code: { usedAtMs: number | undefined; bornAtMs: number }) =>
    code.usedAtMs !== undefined ? 'used' : nowMs - code.bornAtMs > CODE_TTL_MS ? 'expired' : 'live'
  const age = (code: { bornAtMs: number }) => ({ ageS: Math.floor((nowMs - code.bornAtMs) / 1000) })
  const logins = loginCodes.recent(CODES_SHOWN).map(({ sessionKey: _, ...code }) => ({
    kind: 'login' as const,
    ...code,
    ...age(code),
    state: state(code),
  }))
  const phones = phoneCodes.recent(CODES_SHOWN).map(({ number, ...code }) => ({
    kind: 'phone' as const,
    ...code,
    number: displayPhoneNumber(number),
    ...age(code),
    state: state(code),
  }))
  return [...logins, ...phones].sort((a, b) => b.bornAtMs - a.bornAtMs).slice(0, CODES_SHOWN)
}
