import {
  BackupFileError,
  ConfigError,
  DatabaseNotEmptyError,
  DatabaseTlsError,
  DatabaseVersionError,
  HaomaError,
  MasterKeyFileError,
  MasterKeyMismatchError,
  MasterKeyMissingError,
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
const plain = [
  BackupFileError,
  DatabaseNotEmptyError,
  Failure,
  ConfigError,
  PortInUseError,
  MasterKeyFileError,
  MasterKeyMismatchError,
  MasterKeyMissingError,
  DatabaseTlsError,
  DatabaseVersionError,
]

/** What makes no sense is explained in one line. */
export async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TypeError) throw new Failure([error.message], { cause: error })
    throw error
  }
}

/** What a person is shown of an error: its text when the text is enough, else everything. */
export function explain(error: unknown): unknown {
  if (plain.some((kind) => error instanceof kind)) return `\n${(error as Error).message}\n`
  if (error instanceof HaomaError) {
    const issues = (error.issues ?? []).map(({ path, message }) => `\n${path}: ${message}`)
    return `\n${error.text.zh}\n${error.text.en}${issues.join('')}\n`
  }
  if (error instanceof SimulatorError) return `\n${error.text.zh}\n${error.text.en}\n`
  if (error instanceof StoreUnavailableError) {
    const reason = error.cause instanceof Error ? error.cause.message : error.message
    return `\n无法打开数据库，请检查 HAOMA_DATABASE_URL 以及目录权限：${reason}\nThe database cannot be opened. Check HAOMA_DATABASE_URL and the folder's permissions: ${reason}\n`
  }
  return explainSystem(error) ?? error
}

/** What the system refused, by its own code: what, where, and what to look at. */
const systemTexts: Record<string, readonly [zh: string, en: string]> = {
  EACCES: ['没有权限，请检查所有者和权限', 'is not permitted; check its owner and permissions'],
  EPERM: ['没有权限，请检查所有者和权限', 'is not permitted; check its owner and permissions'],
  EROFS: ['文件系统是只读的', 'is on a read-only file system'],
  ENOSPC: ['磁盘已满', 'is on a full disk'],
  ENOTDIR: ['路径中有一段不是目录', 'has something in its path that is no folder'],
  EISDIR: ['是目录而不是文件', 'is a folder, not a file'],
  ENOENT: ['不存在', 'does not exist'],
  EADDRNOTAVAIL: ['不是本机的地址', 'is no address of this machine'],
}

function explainSystem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', path, syscall, address } = error as NodeJS.ErrnoException & { address?: string }
  const texts = systemTexts[code]
  if (!texts) return undefined
  const subject = path ?? address ?? syscall ?? ''
  return `\n${subject} ${texts[0]}（${code}）。\n${subject} ${texts[1]} (${code}).\n`
}
