import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
 * several processes that start at once one makes the key and the others read it.
 *
 * @throws {Error} When the file holds something else.
 */
export function ensureMasterKey(path: string): Buffer {
  const existing = readKeyFile(path)
  if (existing) return existing
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    // A link appears whole or not at all, and never replaces a key that is there.
    linkSync(draft, path)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  return readKeyFile(path) as Buffer
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
