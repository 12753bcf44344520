import { createCipheriv } from 'node:crypto'

/**
 * The legacy form of a phone number: AES-128-CBC with PKCS#7 under the session key.
 *
 * @param sessionKey - base64 of 16 bytes
 * @param iv - base64 of 16 bytes
 * @returns base64
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export function encryptOpenData(sessionKey: string, iv: string, data: object): string {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64'))
  return cipher.update(JSON.stringify(data), 'utf8', 'base64') + cipher.final('base64')
}
