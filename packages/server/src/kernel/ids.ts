import { createHash, randomUUID } from 'node:crypto'

/** Makes an id at a moment, Unix time in milliseconds. */
export type NewId = (nowMs: number) => string

/**
 * Makes a UUIDv7: ordered by time, so that indexes grow at their end, and made in code, so that every
 * database takes it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function createUuidV7(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0')
  // The random bits of a version 4, which Node draws in batches, behind the time and the version.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

const UUID_END = /-[0-9a-f]{2}([0-9a-f]{10})$/
/** Without I, L, O and U, which people mistake for others. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Eight characters by which people name a request: the end of its id, which is random, in Crockford's base 32. The id of
 * a proxy in front of us may have another form, and is hashed.
 *
 * @see https://www.crockford.com/base32.html
 */
export function supportCodeOf(requestId: string): string {
  const hex =
    UUID_END.exec(requestId)?.[1] ?? createHash('sha256').update(requestId).digest('hex').slice(0, 10)
  let bits = Number.parseInt(hex, 16)
  let code = ''
  for (let i = 0; i < 8; i += 1) {
    code = `${CROCKFORD[bits % 32]}${code}`
    bits = Math.floor(bits / 32)
  }
  return code
}

/** A support code as somebody typed or read it out, as it is stored; `undefined` when it can be none. */
export function readSupportCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code) ? code : undefined
}
