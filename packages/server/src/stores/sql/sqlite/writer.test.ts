import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../../errors.ts'
import { openLibsql, type SqliteHandle } from './libsql.ts'
import { createWriter, type Writer } from './writer.ts'

let folder: string
/** What the writer writes through. */
let handle: SqliteHandle
/** Somebody else at the same file, who sees only what is committed. */
let other: SqliteHandle
let writer: Writer
let commits: number
/** Thrown by statements of this text, once. */
let faults: Map<string, Error>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haoma-writer-'))
  handle = openLibsql(join(folder, 'haoma.db'))
  other = openLibsql(join(folder, 'haoma.db'))
  handle.prepare('create table notes (note text primary key)').run([])
  commits = 0
  faults = new Map()
  writer = createWriter({
    get inTransaction() {
      return handle.inTransaction
    },
    prepare: (sql) => ({
      ...handle.prepare(sql),
      run: (parameters) => {
        const fault = faults.get(sql)
        faults.delete(sql)
        if (fault) throw fault
        if (sql === 'commit') commits += 1
        return handle.prepare(sql).run(parameters)
      },
    }),
    tidy: () => {},
    close: () => {},
  })
})
afterEach(() => {
  handle.close()
  other.close()
  rmSync(folder, { recursive: true })
})

const insert = (note: string) => CompiledQuery.raw('insert into notes values (?)', [note])
const stored = () =>
  other
    .prepare('select note from notes order by note')
    .all([])
    .map((row) => (row as { note: string }).note)

/** Writes a note in a turn of its own; tells whether it was on the disk when it was said to be. */
async function write(note: string): Promise<'stored' | 'not stored'> {
  const turn = await writer.takeTurn()
  try {
    turn.run(insert(note))
  } catch (error) {
    turn.undo()
    throw error
  }
  await turn.keep()
  return stored().includes(note) ? 'stored' : 'not stored'
}

describe('createWriter', () => {
  it('commits turns that come together once, and says that one is kept when it is on the disk', async () => {
    const notes = ['a', 'b', 'c', 'd']
    expect(await Promise.all(notes.map(write))).toEqual(notes.map(() => 'stored'))
    expect(commits).toBe(1)
    expect(stored()).toEqual(notes)
  })

  it('commits a turn that is alone at once', async () => {
    expect(await write('a')).toBe('stored')
    expect(await write('b')).toBe('stored')
    expect(commits).toBe(2)
  })

  it('lets no turn wait for those that come after the commit was due', async () => {
    const first = write('a')
    await first
    const order: string[] = []
    const turn = await writer.takeTurn()
    turn.run(insert('b'))
    const kept = turn.keep().then(() => order.push('b is kept'))
    // The commit is due when the event loop has been round; whoever asks after that comes after it.
    await new Promise((resolve) => setImmediate(resolve))
    const late = write('c').then(() => order.push('c is kept'))
    await Promise.all([kept, late])
    expect(order).toEqual(['b is kept', 'c is kept'])
    expect(commits).toBe(3)
  })

  it('undoes one turn without those before and after it', async () => {
    const outcomes = await Promise.allSettled(['a', 'a', 'b'].map(write))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(commits).toBe(1)
    expect(stored()).toEqual(['a', 'b'])
  })

  it('undoes the first turn, and the next begins anew', async () => {
    const first = await writer.takeTurn()
    const second = write('b')
    first.run(insert('a'))
    first.undo()
    expect(await second).toBe('stored')
    expect(stored()).toEqual(['b'])
  })

  it('tells all of them when the commit fails, keeps nothing, and goes on', async () => {
    faults.set('commit', new StoreUnavailableError('the disk is full'))
    const outcomes = await Promise.allSettled(['a', 'b'].map(write))
    expect(outcomes).toMatchObject([
      { reason: { message: 'the disk is full' } },
      { reason: { message: 'the disk is full' } },
    ])
    expect(stored()).toEqual([])
    expect(await write('c')).toBe('stored')
  })

  it('tells those who had kept something when a later turn ends the transaction, and stores nothing after it', async () => {
    const first = await writer.takeTurn()
    first.run(insert('a'))
    const kept = first.keep()
    kept.catch(() => {})
    const second = await writer.takeTurn()
    // What a full disk does.
    handle.prepare('rollback').run([])
    expect(() => second.run(insert('b'))).toThrow('the transaction has ended')
    second.undo()
    await expect(kept).rejects.toThrow()
    expect(stored()).toEqual([])
    expect(await write('c')).toBe('stored')
  })

  it('commits what is kept before it is closed', async () => {
    const turn = await writer.takeTurn()
    turn.run(insert('a'))
    const kept = turn.keep()
    await writer.close()
    expect(stored()).toEqual(['a'])
    await kept
  })
})
