const sql = 'packages/server/src/stores/sql'
const postgres = [`${sql}/postgres/postgres.test.ts`]
const conformance = [`${sql}/conformance.test.ts`]

/** Faults in how statements reach PostgreSQL. */
export const mutants = [
  {
    file: `${sql}/database.ts`,
    find: 'createStores(all)',
    replace: 'createStores(trx)',
    tests: postgres,
    why: 'the statements of a transaction wait for each other',
  },
  {
    file: `${sql}/postgres/dialect.ts`,
    find: "if (this.#hasEnded) throw new Error('the transaction has ended')",
    replace: '',
    tests: conformance,
    why: 'what comes after a rollback is stored alone',
  },
  {
    file: `${sql}/postgres/dialect.ts`,
    find: 'if (this.#begun !== undefined) this.#failure ??= failure',
    replace: '',
    tests: conformance,
    why: 'a conflict is told of as an aborted transaction, and not tried again',
  },
  {
    file: `${sql}/postgres/dialect.ts`,
    find: "if (command !== 'COMMIT')",
    replace: 'if (command === undefined)',
    tests: postgres,
    why: 'a commit that rolled back counts as one',
  },
]
