import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeEnvFile, parseEnvFile } from './env-file.ts'
import { Failure } from './failure.ts'

/**
 * Reads the settings: the file `.env` of `folder`, under what the environment itself sets.
 *
 * This is the one place of the product that touches `process.env`.
 *
 * @throws {Failure} When there is such a file and it cannot be read: what cannot be read is not absent.
 */
export function readEnvironment(folder: string): NodeJS.Dict<string> {
  const path = join(folder, '.env')
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { ...process.env }
    throw new Failure(
      [
        `无法读取 ${path}，请检查它的权限（${(cause as NodeJS.ErrnoException).code}）。`,
        `${path} cannot be read. Check its permissions (${(cause as NodeJS.ErrnoException).code}).`,
      ],
      { cause },
    )
  }
  return { ...parseEnvFile(decodeEnvFile(bytes, path), path), ...process.env }
}
