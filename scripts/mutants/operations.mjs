const server = 'packages/server/src'
const routes = [`${server}/surfaces/public/route-limits.test.ts`]
const metrics = [`${server}/operations/metrics.test.ts`]
const health = [`${server}/operations/health.test.ts`]
const backUp = [`${server}/beside/back-up.test.ts`]

/** Faults in what guards the service, watches it, and keeps a copy of it. */
export const mutants = [
  {
    file: `${server}/surfaces/public/route-limits.ts`,
    find: 'if (isRejected) await limits.reject(guard.counted)',
    replace: '',
    tests: routes,
    why: 'guessing codes costs nothing',
  },
  {
    file: `${server}/surfaces/public/route-limits.ts`,
    find: 'counted.push([name, ip && addressGroup(ip)])',
    replace: 'counted.push([name, ip])',
    tests: routes,
    why: 'every address of an IPv6 network counts for itself',
  },
  {
    file: `${server}/http/observe.ts`,
    find: "c.env.isPeerTrusted ? c.req.header('x-request-id') : undefined",
    replace: "c.req.header('x-request-id')",
    tests: [`${server}/surfaces/surfaces.test.ts`],
    why: 'a stranger names the lines of our log',
  },
  {
    file: `${server}/surfaces/operations/metrics-route.ts`,
    find: "if (!(await isOperator(c, 'metrics'))) throw new HaomaError('NOT_FOUND')",
    replace: '',
    tests: metrics,
    why: 'everybody reads the metrics',
  },
  {
    file: `${server}/operations/metrics.ts`,
    find: 'await parts.jobs().catch(() => [])',
    replace: 'await parts.jobs()',
    tests: metrics,
    why: 'no metrics while the database is away',
  },
  {
    file: `${server}/stores/sql/replace.ts`,
    find: "set({ ended_at_ms: nowMs, end_reason: 'restored' })",
    replace: "set({ end_reason: 'restored' })",
    tests: backUp,
    why: 'sessions of before a restore go on',
  },
  {
    file: `${server}/beside/back-up.ts`,
    find: 'if (!force && !(await all.isEmpty())) throw new DatabaseNotEmptyError()',
    replace: '',
    tests: backUp,
    why: 'a restore replaces a living database unasked',
  },
  {
    file: `${server}/beside/back-up.ts`,
    find: 'const erased = await all.erasedMembers()',
    replace: 'const erased: string[] = []',
    tests: backUp,
    why: 'a restore brings back people who were erased',
  },
  {
    file: `${server}/operations/health.ts`,
    find: 'const { ok } = await look(database)\n      return { ready: ok && !isDraining',
    replace: 'const { ok } = await look(database)\n      return { ready: ok',
    tests: health,
    why: 'a balancer sends people to a process that stops',
  },
  {
    file: `${server}/operations/health.ts`,
    find: 'last && nowMs - last.atMs < FRESH_MS',
    replace: 'last',
    tests: health,
    why: 'a process that was not ready once never is again',
  },
  {
    file: `${server}/operations/health.ts`,
    find: 'others.some((check) => !check.ok)',
    replace: 'false',
    tests: health,
    why: 'nobody hears of a wrong secret',
  },
  {
    file: `${server}/operations/health.ts`,
    find: 'before?.ok === ok ? before.atMs : clock.now()',
    replace: 'clock.now()',
    tests: health,
    why: 'nobody knows since when something is wrong',
  },
  {
    file: `${server}/surfaces/wechat/drop-in-surface.ts`,
    find: ', answerWithin(parts.answerWithinMs))',
    replace: ')',
    tests: [`${server}/http/deadline.test.ts`],
    why: 'an SDK waits for its token as long as the database hangs',
  },
]
