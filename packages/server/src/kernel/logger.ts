import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** What a log may be limited to, most to least; `silent` is none. */
export const logLevels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Names under which a secret or a number could reach a log line; the second net below not logging them. */
const secretNames = [
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
]

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
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
