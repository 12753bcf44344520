import { createRequire } from 'node:module'
import { statements } from './statements.mjs'

// The very build of SQLite that the service uses.
const Libsql = createRequire(new URL('../../../packages/server/package.json', import.meta.url))('libsql')
const sql = statements({ lock: '' })

/** One connection, every statement prepared once, each transaction in one go, as durable as the service's. */
export function openSqliteFloor(path) {
  const db = new Libsql(path)
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) db.pragma(pragma)
  const prepared = new Map()
  const prepare = (text) => {
    if (!prepared.has(text)) prepared.set(text, db.prepare(text))
    return prepared.get(text)
  }
  const run = (text, values = []) => prepare(text).run(values)
  const all = (text, values) => prepare(text).all(values)
  return {
    sql,
    /** How many were written. */
    open: (text, values) => run(text, values).changes,
    read: all,
    /** `work` is given statements one after the other: `[text, values]`, and answers with their rows. */
    transaction: (work) => {
      run('begin immediate')
      try {
        const steps = work()
        let step = steps.next()
        while (!step.done) {
          const rows = step.value.map(([text, values]) =>
            prepare(text).reader ? all(text, values) : run(text, values),
          )
          step = steps.next(rows)
        }
        run('commit')
        return step.value
      } catch (error) {
        run('rollback')
        throw error
      }
    },
    write: run,
  }
}
