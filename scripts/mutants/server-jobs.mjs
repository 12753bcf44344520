const runner = 'packages/server/src/jobs/runner.ts'
const store = 'packages/server/src/stores/sql/job-store.ts'
const tests = ['packages/server/src/jobs/runner.test.ts']

/** Faults in what runs in one process at a time. */
export const mutants = [
  {
    file: store,
    find: 'lease_until_ms <= ${now})',
    replace: 'lease_until_ms >= 0)',
    tests,
    why: 'two processes run one job at once',
  },
  {
    file: store,
    find: 'fence: sql<number>`fence + 1`',
    replace: 'fence: sql<number>`fence`',
    tests,
    why: 'a process that lost its job may still end it for the other',
  },
  {
    file: runner,
    find: 'await Promise.allSettled(running.values())',
    replace: '',
    tests,
    why: 'the process stops in the middle of a job',
  },
  {
    file: 'packages/server/src/jobs/job.ts',
    find: 'failures.push(error)',
    replace: 'throw error',
    tests,
    why: 'one bad row stops every other row for ever',
  },
  {
    file: 'packages/server/src/guards/client-address.ts',
    find: 'const hop = hops.pop()',
    replace: 'const hop = hops.shift()',
    tests: ['packages/server/src/guards/client-address.test.ts'],
    why: 'a stranger chooses the address that limits count',
  },
  {
    file: 'packages/server/src/guards/limits.ts',
    find: 'askWaitMs[counter.counts](one, subject)',
    replace: 'askWaitMs.requests(one, subject)',
    tests: ['packages/server/src/guards/limits.test.ts'],
    why: 'good logins weigh as much as wrong codes',
  },
]
