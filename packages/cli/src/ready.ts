import { rename, rm, writeFile } from 'node:fs/promises'
import { Failure } from './failure.ts'

/** How a program that started this one learns that it is up, and where. */
export interface ReadyOptions {
  /** Print one line of JSON, and nothing else, on standard output. */
  printJson: boolean
  /** A file that appears, whole, when it is up, and is gone when it has stopped. */
  readyFile: string | undefined
}

/**
 * Tells that everything is up, in the ways that were asked for.
 *
 * @returns what takes the file away again
 */
export async function announceReady(facts: object, options: ReadyOptions): Promise<() => Promise<void>> {
  const line = JSON.stringify({ event: 'ready', pid: process.pid, ...facts })
  const { readyFile } = options
  if (readyFile !== undefined) await writeWhole(readyFile, `${line}\n`)
  if (options.printJson) console.log(line)
  return async () => {
    if (readyFile !== undefined) await rm(readyFile, { force: true })
  }
}

/** Whoever waits for the file never reads half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`
  try {
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, path)
  } catch (cause) {
    const reason = (cause as Error).message
    throw new Failure(
      [`无法写入 --ready-file ${path}：${reason}`, `--ready-file ${path} cannot be written: ${reason}`],
      { cause },
    )
  }
}
