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

/** There is a master key file, and it cannot be used as it is. The message says what to do. */
export class MasterKeyFileError extends Error {
  override readonly name = 'MasterKeyFileError'
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
 * several processes that start at once one makes the key and the others read it. The key is on the disk before it is
 * used, as the database it unlocks is.
 *
 * @throws {MasterKeyFileError} When the file holds something else, or others may read it.
 */
export function ensureMasterKey(path: string): Buffer {
  const existing = readKeyFile(path)
  if (existing) return existing
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const text = `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  try {
    moveIfMissing(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
  flushFolder(folder)
  return readKeyFile(path) as Buffer
}

/** The file appears whole or not at all, and never replaces a key that is there. */
function moveIfMissing(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return
    if (!NO_LINKS.some((code) => isErrno(error, code))) throw error
    copyWithoutLink(draft, path)
  }
}

/** FAT, SMB and some mounts know no links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']

function copyWithoutLink(draft: string, path: string): void {
  try {
    writeFileSync(path, readFileSync(draft), { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  }
}

/** Some systems cannot flush a folder; their file systems keep names in order by themselves. */
function flushFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    fsyncSync(handle)
    closeSync(handle)
  } catch {
    // Nothing more can be done about it.
  }
}

/** Whether there is a key file, readable or not. */
export function hasMasterKeyFile(path: string): boolean {
  return existsSync(path)
}

function readKeyFile(path: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
  refuseReadable(path)
  const key = parseMasterKey(text)
  if (key) return key
  throw new MasterKeyFileError(
    `${path} 不是有效的主密钥（应为 32 字节的 base64）。请从备份恢复该文件；它丢失后已加密的手机号将无法解密。 / ` +
      `${path} is not a master key (32 bytes in base64). Restore it from a backup; without it the stored numbers cannot be read.`,
  )
}

const OTHERS = 0o077

/** Whoever reads the key reads every number. Windows has other rights than these. */
function refuseReadable(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & OTHERS) === 0) return
  throw new MasterKeyFileError(
    `${path} 可被其他用户读取，请运行 chmod 600 ${path}。 / ` +
      `${path} can be read by other users. Run chmod 600 ${path}.`,
  )
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
