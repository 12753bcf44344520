import pg from 'pg'
import { statements } from './statements.mjs'

const numbered = (text) => {
  let count = 0
  return text.replaceAll('?', () => `$${++count}`)
}
const INT8 = 20
const plain = statements({ lock: ' for update of m' })
const sql = Object.fromEntries(
  Object.entries(plain).map(([name, text]) => [
    name,
    typeof text === 'string' ? numbered(text) : (rows) => numbered(text(rows)),
  ]),
)

/** A pool as large as the service's; statements that do not wait for each other are sent together. */
export function openPostgresFloor(url) {
  const pool = new pg.Pool({ connectionString: url, max: 10, pipeline: true })
  pg.types.setTypeParser(INT8, Number)
  return {
    sql,
    open: async (text, values) => (await pool.query(text, values)).rowCount,
    read: async (text, values) => (await pool.query(text, values)).rows,
    /** As of SQLite. The first statements go out with BEGIN, the last with COMMIT. */
    transaction: async (work) => {
      const client = await pool.connect()
      try {
        const sent = [client.query('begin')]
        const steps = work()
        let step = steps.next()
        while (!step.done) {
          const { isLast = false } = step.value
          for (const [text, values] of step.value) sent.push(client.query(text, values))
          if (isLast) sent.push(client.query('commit'))
          const results = await Promise.all(sent)
          const rows = results
            .slice(sent.length - step.value.length - (isLast ? 1 : 0))
            .map(({ rows }) => rows)
          sent.length = 0
          step = steps.next(rows)
        }
        client.release()
        return step.value
      } catch (error) {
        client.release(true)
        throw error
      }
    },
    write: (text, values) => pool.query(text, values),
  }
}
