import { randomBytes } from 'node:crypto'

/** Makes an id at a moment, Unix time in milliseconds. */
export type NewId = (nowMs: number) => string

/**
 * Makes a UUIDv7: ordered by time, so that indexes grow at their end, and made in code, so that every
 * database takes it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function createUuidV7(nowMs: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(nowMs, 0, 6)
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
