import {
  ConfigError,
  DatabaseVersionError,
  MasterKeyMismatchError,
  PortInUseError,
  StoreUnavailableError,
} from '@haoma/server'
import { SimulatorError } from '@haoma/simulator'

/** A failure whose texts, Chinese first, then English, are all that a person needs; no stack is shown. */
export class Failure extends Error {
  override readonly name = 'Failure'

  constructor(texts: readonly string[], options?: ErrorOptions) {
    super(texts.join('\n'), options)
  }
}

/** Errors of the parts whose message already says, in both languages, what is wrong and what to do. */
const plain = [Failure, ConfigError, PortInUseError, MasterKeyMismatchError, DatabaseVersionError]

/** What a person is shown of an error: its text when the text is enough, else everything. */
export function explain(error: unknown): unknown {
  if (plain.some((kind) => error instanceof kind)) return `\n${(error as Error).message}\n`
  if (error instanceof SimulatorError) return `\n${error.text.zh}\n${error.text.en}\n`
  if (error instanceof StoreUnavailableError) {
    const reason = error.cause instanceof Error ? error.cause.message : error.message
    return `\n无法打开数据库，请检查 HAOMA_DATABASE_URL 以及目录权限：${reason}\nThe database cannot be opened. Check HAOMA_DATABASE_URL and the folder's permissions: ${reason}\n`
  }
  return error
}
