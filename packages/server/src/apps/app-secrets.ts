import type { AppConfig } from '@haoma/wechat'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer, sealingKeyOf, type TellUnopened, UnsealError } from '../crypto/sealer.ts'
import type { Logger } from '../kernel/logger.ts'

/** What WeChat knows an app by. It goes into the database encrypted, and is never shown again. */
export interface AppSecrets {
  appSecret?: string | undefined
  /** Keys of WeChat's API security, as the SDK takes them. */
  apiSecurity?: AppConfig['apiSecurity']
}

export interface AppSecretBox {
  /** `null` when there is nothing to seal. */
  seal(appid: string, secrets: AppSecrets): string | null
  /** Nothing, with a line in the log, when the master key it was sealed with is gone. */
  open(appid: string, sealed: string | null): AppSecrets
}

/** What binds a sealed secret to its app. */
export const appSecretContext = (appid: string) => `app ${appid}`

/** @param tellUnopened - Told of what does not open. */
export function createAppSecretBox(
  keyRing: KeyRing,
  logger: Logger,
  tellUnopened: TellUnopened = () => {},
): AppSecretBox {
  const sealer = createSealer(keyRing, 'app-secret')
  return {
    seal: (appid, secrets) =>
      secrets.appSecret === undefined && secrets.apiSecurity === undefined
        ? null
        : sealer.seal(JSON.stringify(secrets), appSecretContext(appid)),
    open: (appid, sealed) => {
      if (sealed === null) return {}
      try {
        return JSON.parse(sealer.open(sealed, appSecretContext(appid))) as AppSecrets
      } catch (err) {
        if (!(err instanceof UnsealError)) throw err
        logger.error(
          { err, appid, alert: 'app-secret-unreadable' },
          'the secret of an app does not open: its master key is missing, or it was altered. Enter the secret anew',
        )
        tellUnopened('app-secret', sealingKeyOf(sealed) ?? '')
        return {}
      }
    },
  }
}
