import { HaomaError } from '../kernel/errors.ts'

/** A place in a list by its time and id, as a cursor for the caller to bring back. */
export function writePlace({ atMs, id }: { atMs: number; id: string }): string {
  return Buffer.from(`p1.${atMs}.${id}`).toString('base64url')
}

/** @throws {HaomaError} `CURSOR_INVALID` */
export function readPlace(cursor: string | undefined): { atMs: number; id: string } | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const [, atMs, id] =
    /^p1\.(\d{1,15})\.([\w-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (atMs === undefined || id === undefined) throw new HaomaError('CURSOR_INVALID')
  return { atMs: Number(atMs), id }
}
