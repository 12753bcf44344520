import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { SecretInput } from '@haoma/wechat'
import { MASTER_KEY_BYTES } from '../crypto/key-ring.ts'

/** The database was used before, and the file with its master key is gone. */
export class MasterKeyMissingError extends Error {
  override readonly name = 'MasterKeyMissingError'

  constructor(path: string) {
    super(
      `数据库里已有数据，但主密钥文件 ${path} 不在了。请从备份恢复它，或用 HAOMA_MASTER_KEY 提供原来的密钥；没有它，已保存的手机号无法解密。没有生成新的密钥。\n` +
        `The database holds data, but its master key file ${path} is gone. Restore it from a backup, or give the key in HAOMA_MASTER_KEY; without it the stored numbers cannot be read. No new key was made.`,
    )
  }
}

/** Reads a master key: 32 bytes in base64 or base64url. `undefined` when the text is something else. */
export function parseMasterKey(text: string): Buffer | undefined {
  if (!/^[\w+/-]{43}=?$/.test(text.trim())) return undefined
  const key = Buffer.from(text.trim(), 'base64')
  return key.length === MASTER_KEY_BYTES ? key : undefined
}

/**
 * The bytes of a master key that was handed in.
 *
 * @throws {TypeError} When it is not 32 bytes, or base64 of 32 bytes.
 */
export function masterKeyBytes(given: Buffer | SecretInput): Buffer {
  const key = Buffer.isBuffer(given)
    ? given
    : parseMasterKey(typeof given === 'string' ? given : given.reveal())
  if (key?.length === MASTER_KEY_BYTES) return key
  throw new TypeError('主密钥应为 32 字节（或其 base64）/ a master key is 32 bytes, or their base64')
}

/**
 * Reads the master key from a file that only its owner may read, making key and file when there is none. Of
 * several processes that start at once one makes the key and the others read it.
 *
 * @throws {Error} When the file holds something else.
 */
export function ensureMasterKey(path: string): Buffer {
  const existing = readKeyFile(path)
  if (existing) return existing
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  // Flushed to the disk, as the database is: a power cut must not leave a database without its key.
  const text = `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  try {
    // A link appears whole or not at all, and never replaces a key that is there.
    linkSync(draft, path)
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return readKeyFile(path) as Buffer
    // Some file systems (FAT, SMB, some bind mounts) know no links; there the first to make the name writes it.
    if (!linkless.some((code) => isErrno(error, code))) throw error
    writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true })
  } finally {
    rmSync(draft)
  }
  flushFolder(dirname(path))
  return readKeyFile(path) as Buffer
}

const linkless = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** Makes the new name durable; where folders cannot be flushed (Windows), the system does it. */
function flushFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    fsyncSync(folder)
    closeSync(folder)
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL'].some((code) => isErrno(error, code))) throw error
  }
}

/** Whether there is a key file, readable or not. */
export function hasMasterKeyFile(path: string): boolean {
  return existsSync(path)
}

/** Whether others than the owner may read the file; `undefined` where the system has no such thing. */
export function isOpenToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0
}

function readKeyFile(path: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
  const key = parseMasterKey(text)
  if (key) return key
  throw new Error(
    `${path} 不是有效的主密钥（应为 32 字节的 base64）。请从备份恢复该文件；它丢失后已加密的手机号将无法解密。 / ` +
      `${path} is not a master key (32 bytes in base64). Restore it from a backup; without it the stored numbers cannot be read.`,
  )
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
