const src = 'packages/simulator/src'
const test = (name) => [`packages/simulator/test/${name}`]
const names = test('own-names.test.ts')
const conformance = test('conformance/conformance.test.ts')

/** Faults in the simulator's clock, its bill, the names it answers to, what it keeps secret, and its lists. */
export const mutants = [
  {
    file: `${src}/model/access-tokens.ts`,
    find: 'expiresInS: Math.floor((token.expiresAtMs - nowMs) / 1000)',
    replace: 'expiresInS: Math.floor((token.expiresAtMs - clock.nowMs()) / 1000)',
    tests: [`${src}/model/access-tokens.test.ts`],
    why: 'a fresh token sometimes lives 7199 s: two readings of the clock',
  },
  {
    file: `${src}/model/clock.ts`,
    find: 'if (!(targetMs >= 0 && targetMs <= LATEST_MS)) throw outOfRange()',
    replace: 'if (targetMs < 0 || targetMs > LATEST_MS) throw outOfRange()',
    tests: test('nonsense.test.ts'),
    why: 'NaN becomes the time, and nothing expires any more',
  },
  {
    file: `${src}/http/outages.ts`,
    find: 'for (const listener of listeners) void listener.shut(asker)',
    replace: 'setTimeout(() => listeners.map((listener) => listener.shut(asker)), 20)',
    tests: test('faults.test.ts'),
    why: 'the call after outage() is still answered',
  },
  {
    file: `${src}/model/billing.ts`,
    find: 'sort((a, b) => end(a) - end(b))',
    replace: 'sort((a, b) => end(b) - end(a))',
    tests: conformance,
    why: 'the pack that ends last is used first, and the other expires unused',
  },
  {
    file: `${src}/model/billing.ts`,
    find: 'return consents === 0 ? undefined : consents / AVERAGE_MONTHS',
    replace: 'return consents === 0 ? undefined : consents',
    tests: conformance,
    why: 'the monthly average is that of a quarter',
  },
  {
    file: `${src}/model/phone-consent.ts`,
    find: 'if (lacksQuota(app, component, sheet.platform)) {',
    replace: 'if (lacksQuota(app, component, sheet.platform) && sheet.isCombined) {',
    tests: conformance,
    why: 'two open sheets overdraw the last call of a balance',
  },
  {
    file: `${src}/http/own-names.ts`,
    find: 'return name !== undefined && WECHAT_HOSTS.includes(name) && isApiPath()',
    replace: 'return name !== undefined && WECHAT_HOSTS.includes(name)',
    tests: names,
    why: 'under WeChat’s names the control endpoints are reached',
  },
  {
    file: `${src}/http/own-names.ts`,
    find: 'own.has(nameIn(authority) ??',
    replace:
      'LOOPBACK_NAMES.some((name) => nameIn(authority)?.startsWith(name)) || own.has(nameIn(authority) ??',
    tests: names,
    why: 'localhost.evil.test passes for localhost',
  },
  {
    file: `${src}/http/own-names.ts`,
    find: "site !== 'same-origin' && site !== 'none'",
    replace: "site === 'cross-site'",
    tests: names,
    why: 'a page of another port of this machine reads the snapshot',
  },
  {
    file: `${src}/http/own-names.ts`,
    find: 'if (isControl && controlToken === undefined) return',
    replace: 'if (isControl && controlToken === null) return',
    tests: names,
    why: 'refusals of control calls can be read by every website',
  },
  {
    file: `${src}/api/redact.ts`,
    find: "return redactQuery(body.replace(SECRET_JSON, '$1$2…'))",
    replace: "return body.replace(SECRET_JSON, '$1$2…')",
    tests: conformance,
    why: 'an AppSecret that came in a form stands in the log',
  },
  {
    file: `${src}/device/device-routes.ts`,
    find: '.map(({ appid, name }) => ({ appid, name }))',
    replace: '.map((app) => app)',
    tests: names,
    why: 'every website reads the AppSecrets',
  },
  {
    file: `${src}/model/request-log.ts`,
    find: 'return range(first, first + limit - 1)',
    replace: 'return range(Math.max(first, seq - limit + 1), seq)',
    tests: [`${src}/model/request-log.test.ts`],
    why: 'a reader who pages the log loses entries',
  },
  {
    file: `${src}/model/snapshot.ts`,
    find: 'model.rids.resume(state.streams.rids)',
    replace: 'void state.streams.rids',
    tests: test('state-file.test.ts'),
    why: 'a restored run gives other rids than the saved one',
  },
  {
    file: `${src}/model/privacy.ts`,
    find: 'sinceMs < Number(pauseS) * 1000',
    replace: 'sinceMs < Number(pauseS) * 100',
    tests: conformance,
    why: 'the privacy popup is back after a second',
  },
]
