import { decryptData, type EncryptedData } from './decrypt-data.ts'
import { EncryptedDataError } from './errors.ts'

/** The same shape that `getPhoneNumber` answers. */
export interface DecryptedPhoneNumber {
  /** International form with `+`, such as `+8613580006666`. */
  readonly e164: string
  /** Without country calling code. */
  readonly nationalNumber: string
  /** Digits, such as `86`. */
  readonly countryCallingCode: string
  /** When the user agreed. */
  readonly capturedAt: Date
  readonly appid: string
}

interface PhoneFields {
  readonly purePhoneNumber?: string
  readonly countryCode?: string | number
}

/**
 * Decrypts the phone number of the legacy way. Prefer `getPhoneNumber` with the event's `code`: it needs no
 * session key, so that no wx.login can break it.
 *
 * @throws EncryptedDataError as {@link decryptData}, and `ERR_WX_DECRYPT` when the data holds no phone number.
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/deprecatedGetPhoneNumber.html
 */
export async function decryptPhoneNumber(input: EncryptedData): Promise<DecryptedPhoneNumber> {
  const { purePhoneNumber, countryCode, watermark } = await decryptData<PhoneFields>(input)
  if (!purePhoneNumber || !countryCode) throw new EncryptedDataError('not-a-phone-number')
  const countryCallingCode = String(countryCode)
  return {
    e164: `+${countryCallingCode}${purePhoneNumber}`,
    nationalNumber: purePhoneNumber,
    countryCallingCode,
    capturedAt: new Date(watermark.timestamp * 1000),
    appid: watermark.appid,
  }
}
