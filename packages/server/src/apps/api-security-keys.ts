import type { AddAppRequest } from '@haoma/protocol/admin'
import type { AppConfig } from '@haoma/wechat'

/** Keys of WeChat's API security as the console's page of WeChat shows them. */
export type ApiSecurityKeys = NonNullable<AddAppRequest['apiSecurity']>

/** The same as the SDK takes them. */
export function apiSecurityOf(keys: ApiSecurityKeys): NonNullable<AppConfig['apiSecurity']> {
  const { platformCertificate: text, platformCertificateSn: sn } = keys
  const isBareKey = text.includes('BEGIN PUBLIC KEY')
  return {
    symmetricKey: { sn: keys.symmetricKeySn, key: keys.symmetricKey },
    privateKey: keys.privateKey,
    privateKeySn: keys.publicKeySn,
    platformCertificates: [isBareKey ? { sn, publicKey: text } : { sn, certificate: text }],
  }
}
