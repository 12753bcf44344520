import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/**
 * Reads the settings: the file `.env` of `folder`, under what the environment itself sets.
 *
 * This is the one place of the product that touches `process.env`.
 */
export function readEnvironment(folder: string): NodeJS.Dict<string> {
  let file = ''
  try {
    file = readFileSync(join(folder, '.env'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return { ...parseEnv(file), ...process.env }
}
