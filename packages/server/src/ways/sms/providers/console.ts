import { maskPhone } from '../../../numbers/e164.ts'
import type { SmsProvider } from './provider.ts'
import type { ConsoleSmsSettings } from './settings.ts'

/** Codes would be printed where everybody who can read the output of a service in production reads them. */
export class ConsoleSmsError extends Error {
  override readonly name = 'ConsoleSmsError'

  constructor() {
    super(
      'console 短信只用于开发，不能在 NODE_ENV=production 下使用：请配置 tencent 或 aliyun。 / ' +
        'The console provider is for development only and is refused with NODE_ENV=production. Set up tencent or aliyun.',
    )
  }
}

/**
 * Prints codes instead of sending them: to the terminal of who started the program, never to the logger, whose lines are
 * kept and shipped.
 *
 * @throws {ConsoleSmsError} In production.
 */
export function createConsoleSms({
  print = (text) => void process.stdout.write(`${text}\n`),
}: Omit<ConsoleSmsSettings, 'kind'> = {}): SmsProvider {
  // The one question to the environment outside the command line: no caller may forget it.
  // biome-ignore lint/style/noProcessEnv: see above
  if (process.env.NODE_ENV === 'production') throw new ConsoleSmsError()
  return {
    name: 'console',
    send: async ({ e164, code, lifeMinutes }) => {
      print(`短信验证码 SMS code → ${maskPhone(e164)}: ${code} (${lifeMinutes} min)`)
      return { outcome: 'sent', ref: null }
    },
  }
}
