const tokens = 'packages/server/src/tokens'
const back = 'packages/server/src/ways/back-end'

/** One-line faults in what back ends are served with. */
export const mutants = [
  {
    file: `${tokens}/admission.ts`,
    find: "if (!client.has(scope)) throw new HaomaError('SCOPE_MISSING')",
    replace: '',
    tests: ['packages/server/src/surfaces/access.test.ts'],
    why: 'a client calls what it has no scope for',
  },
  {
    file: `${tokens}/admission.ts`,
    find: '!isEqualInConstantTime(client.id, credentials.clientId)',
    replace: 'false',
    tests: ['packages/server/src/surfaces/access.test.ts'],
    why: 'the secret of one client works under the id of another',
  },
  {
    file: `${tokens}/client-directory.ts`,
    find: 'const TRUST_MS = 2000',
    replace: 'const TRUST_MS = 20_000',
    tests: [`${tokens}/clients.test.ts`],
    why: 'a revoked client goes on for longer than 5 seconds',
  },
  {
    file: `${tokens}/clients.ts`,
    find: ': { revokedAtMs: nowMs }',
    replace: ': { revokedAtMs: null }',
    tests: [`${tokens}/clients.test.ts`],
    why: 'three secrets are valid after two rotations',
  },
  {
    file: `${tokens}/central-tokens.ts`,
    find: 'expiresInS: Math.min(expiresInS, GRANT_S)',
    replace: 'expiresInS',
    tests: [`${tokens}/central-tokens.test.ts`],
    why: 'a client that never refreshes outlives the overlap of WeChat',
  },
  {
    file: `${tokens}/central-tokens.ts`,
    find: 'await other(appid, accessToken)',
    replace: '',
    tests: [`${tokens}/central-tokens.test.ts`],
    why: 'whoever asks again after a 40001 gets the dead token again',
  },
  {
    file: 'packages/server/src/surfaces/wechat/drop-in-surface.ts',
    find: 'if (!client.mayActFor(appid)) throw new WeChatRefusal(40013)',
    replace: '',
    tests: [`${tokens}/central-tokens.test.ts`],
    why: 'a client gets the token of an app outside its list',
  },
  {
    file: `${tokens}/gateway/rules.ts`,
    find: 'if (closed.some((pattern) => pattern.test(named))) return false',
    replace: '',
    tests: [`${tokens}/gateway/rules.test.ts`],
    why: 'the gateway gives out tokens and numbers',
  },
  {
    file: `${tokens}/gateway/gateway.ts`,
    find: "if (body.kind === 'streamed' || !isTokenRefused(answer)) return toResponse(answer, hold)",
    replace: 'if (isTokenRefused(answer) || true) return toResponse(answer, hold)',
    tests: [`${tokens}/gateway/gateway.test.ts`],
    why: 'a dead token reaches the caller of the gateway',
  },
  {
    file: `${tokens}/gateway/gateway.ts`,
    find: "([name]) => name !== 'access_token'",
    replace: '() => true',
    tests: [`${tokens}/gateway/gateway.test.ts`],
    why: 'a caller puts a token of its own beside ours',
  },
  {
    file: `${back}/exchange.ts`,
    find: "if (used.answerSealed === null || (openid ?? null) !== used.openid) throw unknownCode('phone')",
    replace: "if (used.answerSealed === null) throw unknownCode('phone')",
    tests: [`${back}/exchange.test.ts`],
    why: 'a number is given again for another openid',
  },
  {
    file: `${back}/members.ts`,
    find: "if (!client.has('phone:read')) return false",
    replace: '',
    tests: [`${back}/members.test.ts`],
    why: 'a full number without phone:read',
  },
  {
    file: `${back}/introspect.ts`,
    find: '!by.client.mayActFor(found.session.appid)',
    replace: 'false',
    tests: [`${back}/members.test.ts`],
    why: 'a session of an app outside the list is told',
  },
]
