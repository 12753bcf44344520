import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { DerivedKey } from '../crypto/key-ring.ts'

/** The first line of a backup, in the clear and protected against change. */
export interface BackupHeader {
  format: 'haoma-backup'
  version: 1
  createdAt: string
  /** Newest migration of the database. */
  schema: string
  /** Public name of the master key that opens it. The key itself is never in it. */
  keyId: string
  nonce: string
}

/** A line of the sealed part: a table and some of its rows, or the end. */
export type BackupLine = { table: string; rows: Record<string, string | number | null>[] } | { end: number }

/** The file is none of ours, is damaged, or was made with another key. */
export class BackupFileError extends Error {
  override readonly name = 'BackupFileError'
}

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16
const LONGEST_HEADER = 4096

/** Writes a file that only its owner may read; it appears under its name when it is whole. */
export async function writeBackup(
  path: string,
  { key, ...about }: { key: DerivedKey; createdAt: string; schema: string },
  lines: AsyncIterable<BackupLine>,
): Promise<void> {
  const nonce = randomBytes(12)
  const header: BackupHeader = {
    format: 'haoma-backup',
    version: 1,
    ...about,
    keyId: key.id,
    nonce: nonce.toString('base64'),
  }
  const first = Buffer.from(`${JSON.stringify(header)}\n`)
  const cipher = createCipheriv(CIPHER, key.key, nonce)
  cipher.setAAD(first)
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    const file = createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true })
    file.write(first)
    const sealed = new PassThrough({
      flush: (done) => {
        done(null, cipher.getAuthTag())
      },
    })
    const text = async function* () {
      for await (const line of lines) yield `${JSON.stringify(line)}\n`
    }
    await pipeline(Readable.from(text()), createGzip(), cipher, sealed, file)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** @throws {BackupFileError} When there is no header of ours in it. */
export async function readBackupHeader(path: string): Promise<{ header: BackupHeader; bytes: number }> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HEADER), 0, LONGEST_HEADER, 0)
    const end = buffer.subarray(0, bytesRead).indexOf('\n')
    const header = JSON.parse(buffer.subarray(0, Math.max(0, end)).toString() || '{}')
    if (header.format === 'haoma-backup' && header.version === 1) return { header, bytes: end + 1 }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  } finally {
    await file.close()
  }
  throw new BackupFileError('这不是 Haoma 的备份文件。 / This is no backup of Haoma.')
}

/**
 * Reads the lines of a backup. What was read counts only when the last line has come: damage shows at the end.
 *
 * @throws {BackupFileError} When it does not open with the key, is damaged or cut off.
 */
export async function* readBackup(path: string, key: DerivedKey): AsyncIterable<BackupLine> {
  const { header, bytes } = await readBackupHeader(path)
  const file = await open(path, 'r')
  const { size } = await file.stat()
  const tag = Buffer.alloc(TAG_BYTES)
  const first = Buffer.alloc(bytes)
  await file.read(first, 0, bytes, 0)
  await file.read(tag, 0, TAG_BYTES, Math.max(bytes, size - TAG_BYTES))
  await file.close()
  const decipher = createDecipheriv(CIPHER, key.key, Buffer.from(header.nonce, 'base64'))
  decipher.setAAD(first)
  decipher.setAuthTag(tag)
  const plain = new PassThrough()
  const source = createReadStream(path, { start: bytes, end: Math.max(bytes, size - TAG_BYTES - 1) })
  const opened = pipeline(source, decipher, createGunzip(), plain)
  opened.catch(() => {})
  let isWhole = false
  try {
    for await (const text of createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = JSON.parse(text) as BackupLine
      if ('end' in line) isWhole = true
      yield line
    }
    await opened
  } catch (cause) {
    throw damaged(cause)
  }
  if (!isWhole) throw damaged()
}

function damaged(cause?: unknown): BackupFileError {
  return new BackupFileError(
    '备份文件已损坏或不完整，数据库没有改动。 / The backup is damaged or cut off. The database was not changed.',
    { cause },
  )
}
