import type { PhoneComponent } from '@haoma/protocol'
import { LoginError } from './login-error.ts'
import type { ExchangeRequest } from './own-back-end.ts'
import { createPhoneLogin } from './phone-login.ts'
import { createUniPlatform } from './platform/uni-platform.ts'
import type { PhoneLogin } from './types.ts'

/** What `@code` hands to a page that does everything else itself. The button stays busy until one is called. */
export interface HandedCode extends ExchangeRequest {
  component: PhoneComponent
  /** Your back end has the number: the button makes way for the `known` slot. */
  done(): void
  /** Your back end could not use the code: shows the text and the button again. */
  again(text?: string): void
}

/** The login of a button on a page without any: taps, endings and privacy, and nothing is kept. */
export function createBareLogin(handOver: (code: HandedCode) => void): PhoneLogin {
  const nothingKept = { get: () => undefined, set: () => undefined, remove: () => undefined }
  const login = createPhoneLogin({
    appid: 'bare',
    platform: { ...createUniPlatform(), storage: nothingKept },
    exchange: (codes) =>
      new Promise((resolve, reject) =>
        handOver({
          ...codes,
          done: () => resolve({}),
          again: (text) => reject(text ? refusedWith(text) : new LoginError('unknown')),
        }),
      ),
  })
  void login.start()
  return login
}

const refusedWith = (text: string) =>
  new LoginError({ code: 'PHONE_CODE_INVALID', action: 'tap-again', texts: { zh: text, en: text } })
