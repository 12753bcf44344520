import { randomBytes } from 'node:crypto'
import {
  closeSync,
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
import { MASTER_KEY_BYTES } from '../crypto/key-ring.ts'

/** Reads a master key: 32 bytes in base64 or base64url. `undefined` when the text is something else. */
export function parseMasterKey(text: string): Buffer | undefined {
  if (!/^[\w+/-]{43}=?$/.test(text.trim())) return undefined
  const key = Buffer.from(text.trim(), 'base64')
  return key.length === MASTER_KEY_BYTES ? key : undefined
}

/**
 * Reads the master key from a file that only its owner may read, making key and file when there is none. Of
 * several processes that start at once one makes the key and the others read it. The key is on the disk before it is
 * used, as the database it unlocks is.
 *
 * @throws {Error} When the file holds something else, or others may read it.
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
  throw new Error(
    `${path} 不是有效的主密钥（应为 32 字节的 base64）。请从备份恢复该文件；它丢失后已加密的手机号将无法解密。 / ` +
      `${path} is not a master key (32 bytes in base64). Restore it from a backup; without it the stored numbers cannot be read.`,
  )
}

const OTHERS = 0o077

/** Whoever reads the key reads every number. Windows has other rights than these. */
function refuseReadable(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & OTHERS) === 0) return
  throw new Error(
    `${path} 可被其他用户读取，请运行 chmod 600 ${path}。 / ` +
      `${path} can be read by other users. Run chmod 600 ${path}.`,
  )
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
