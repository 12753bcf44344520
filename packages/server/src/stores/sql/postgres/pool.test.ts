import { expect, it } from 'vitest'
import { createPostgresPool } from './pool.ts'

const url = process.env.DATABASE_URL

it.skipIf(!url)('outlives the server taking away a connection in use', async () => {
  const pool = createPostgresPool({ url: url as string, poolSize: 2 })
  try {
    const client = await pool.connect()
    const { rows } = await client.query('select pg_backend_pid() as pid')
    const ended = new Promise<void>((resolve) => client.once('end', resolve))
    await pool.query('select pg_terminate_backend($1)', [rows[0].pid])
    await ended
    await expect(client.query('select 1')).rejects.toThrow()
    client.release()

    const next = await Promise.all([pool.query('select 1 as one'), pool.query('select 1 as one')])
    expect(next.map(({ rows }) => rows)).toEqual([[{ one: 1 }], [{ one: 1 }]])
  } finally {
    await pool.end()
  }
})
