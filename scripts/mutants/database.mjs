const sql = 'packages/server/src/stores/sql'
const postgres = [`${sql}/postgres/postgres.test.ts`]
const conformance = [`${sql}/conformance.test.ts`]
const writer = [`${sql}/sqlite/writer.test.ts`]

/** Faults in how statements reach PostgreSQL, and how SQLite commits. */
export const mutants = [
  {
    file: `${sql}/database.ts`,
    find: 'createStoresWithin(all)',
    replace: 'createStoresWithin(trx)',
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
  {
    file: `${sql}/sqlite/writer.ts`,
    find: "execute('commit')\n      group = undefined\n      for (const { resolve } of due) resolve()",
    replace:
      "for (const { resolve } of due) resolve()\n      await null\n      execute('commit')\n      group = undefined",
    tests: writer,
    why: 'what is not on the disk yet is called kept',
  },
  {
    file: `${sql}/sqlite/writer.ts`,
    find: "attempt(() => execute('savepoint turn'))",
    replace: 'attempt(() => {})',
    tests: writer,
    why: 'a turn that fails takes others with it',
  },
  {
    file: `${sql}/sqlite/writer.ts`,
    find: 'for (const { reject } of failed) reject(error)',
    replace: 'for (const { resolve } of failed) resolve()',
    tests: writer,
    why: 'what was lost with a failed commit is called kept',
  },
  {
    file: `${sql}/sqlite/writer.ts`,
    find: "if (!handle.inTransaction) throw new Error('the transaction has ended')",
    replace: '',
    tests: writer,
    why: 'a statement after a full disk is stored alone',
  },
  {
    file: `${sql}/sqlite/writer.ts`,
    find: 'setImmediate(() => void commit(opened))',
    replace: 'void commit(opened)',
    tests: writer,
    why: 'each turn has a commit of its own',
  },
  {
    file: `${sql}/sqlite/writer.ts`,
    find: 'if (group !== undefined) await commit(group)',
    replace: '',
    tests: writer,
    why: 'what was kept is lost when the database is closed',
  },
]
