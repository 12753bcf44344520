import { WxFailure } from './callback.ts'

const mostBytes = 1_048_576

/**
 * `wx.getRandomValues`: bytes that nobody can guess.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/base/crypto/wx.getRandomValues.html
 */
export function getRandomValues({ length }: Record<string, unknown>): { randomValues: ArrayBuffer } {
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 1 || length > mostBytes) {
    throw new WxFailure('invalid length')
  }
  const bytes = new Uint8Array(length)
  // The browser fills at most 65,536 bytes a call.
  for (let from = 0; from < length; from += 65_536)
    crypto.getRandomValues(bytes.subarray(from, from + 65_536))
  return { randomValues: bytes.buffer }
}
