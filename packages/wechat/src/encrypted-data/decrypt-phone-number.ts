import { WxRefusedDataError } from '../errors/index.ts'
import { readTime } from '../internal/read-answer.ts'
import { type RawPhoneNumber, toPhoneNumber } from '../phone-number/e164.ts'
import type { GetPhoneNumberResult } from '../phone-number/get-phone-number.ts'
import { decryptData, type EncryptedData } from './decrypt-data.ts'

/**
 * Decrypts the phone number of the legacy way, into the shape that `getPhoneNumber` gives. Prefer
 * `getPhoneNumber` with the event's `code`: it needs no session key, so that no wx.login can break it.
 *
 * @throws WxRefusedDataError, WxUsageError as {@link decryptData}, and `ERR_WX_NO_PHONE_NUMBER` when the data is
 * of another kind
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/deprecatedGetPhoneNumber.html
 */
export async function decryptPhoneNumber(input: EncryptedData): Promise<GetPhoneNumberResult> {
  const data = await decryptData<RawPhoneNumber>(input)
  const number = toPhoneNumber(data)
  if (number === undefined) throw new WxRefusedDataError('ERR_WX_NO_PHONE_NUMBER')
  const { appid, timestamp } = data.watermark
  return { ...number, capturedAt: readTime(timestamp), appid }
}
