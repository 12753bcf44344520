import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'

export type { Logger } from 'pino'

/** A log whose every line carries the same names, such as that of a request. */
export type BoundLog = Record<'info' | 'warn' | 'error', (line: object, message: string) => void>

/** What a log may be limited to, most to least; `silent` is none. */
export const logLevels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Names under which a secret or a number could reach a log line; the second net below not logging them. */
const secretNames: ReadonlySet<string> = new Set([
  'accessToken',
  'appSecret',
  'authorization',
  'e164',
  'loginCode',
  'masterKey',
  'phoneCode',
  'phoneNumber',
  'refreshToken',
  'sealed',
  'secret',
  'sessionKey',
])

const CENSOR = '[secret]'
/** So deep names are looked for. */
const DEPTH = 3

/**
 * Puts `[secret]` in the place of what stands under such a name. Pino's own redaction takes 60 µs a line for as many
 * names at three depths, which is more than all else of a short request.
 */
function censored<T extends object>(value: T, depth = 1): T {
  let copy: T | undefined
  for (const [name, inner] of Object.entries(value)) {
    const clean = inner === undefined ? inner : censoredAs(name, inner, depth)
    if (clean === inner) continue
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as T
    Object.assign(copy, { [name]: clean })
  }
  return copy ?? value
}

function censoredAs(name: string, inner: unknown, depth: number): unknown {
  if (secretNames.has(name)) return CENSOR
  // Errors under their usual name are written out by the serializer, and censored there.
  const isWalked = typeof inner === 'object' && inner !== null && name !== 'err' && !('toJSON' in inner)
  return isWalked && depth < DEPTH ? censored(inner, depth + 1) : inner
}

/**
 * The log of the service: JSON lines.
 *
 * @param level - `info` by default; `silent` for none.
 * @param destination - Standard output by default.
 */
export function createLogger(level = 'info', destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    // What is bound to a child passes no formatter.
    redact: { paths: [...secretNames], censor: CENSOR },
    formatters: { log: censored },
    serializers: { err: (error: Error) => censored(stdSerializers.err(error)) },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** To make a child of pino's costs more than the one line that most requests have. */
export function bindLog(logger: Logger, names: Record<string, string>): BoundLog {
  const at =
    (level: keyof BoundLog) =>
    (line: object, message: string): void =>
      logger[level]({ ...names, ...line }, message)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
