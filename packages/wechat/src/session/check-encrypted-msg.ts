import { toHex, utf8 } from '../internal/bytes.ts'
import { checkObject, checkText } from '../internal/check.ts'
import { type ApiCall, endpoint } from '../internal/endpoint.ts'
import { readTime } from '../internal/read-answer.ts'

/** What {@link ApiCalls.checkEncryptedMsg} takes. */
export interface CheckEncryptedMsgInput {
  /** `encryptedData` as the page got it. Only its SHA-256 is sent. */
  readonly encryptedData: string
}

/** What {@link ApiCalls.checkEncryptedMsg} gives. */
export interface CheckEncryptedMsgResult {
  /** Whether WeChat made this data for this mini program within the last three days. */
  readonly isValid: boolean
  /** When it was made, if it is valid and WeChat says when. */
  readonly createdAt: Date | undefined
}

/**
 * WeChat spells the field `vaild`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/basic-info/api_checkencrypteddata.html
 */
export const checkEncryptedMsg: ApiCall<CheckEncryptedMsgInput, CheckEncryptedMsgResult> = {
  endpoint: endpoint('POST', '/wxa/business/checkencryptedmsg'),
  async request(input) {
    const { encryptedData } = checkObject('the input of checkEncryptedMsg', input)
    const text = checkText('encryptedData', encryptedData)
    const digest = await globalThis.crypto.subtle.digest('SHA-256', utf8(text))
    return { body: { encrypted_msg_hash: toHex(digest) } }
  },
  result({ vaild, create_time }) {
    const isValid = vaild === true
    return { isValid, createdAt: isValid ? readTime(create_time) : undefined }
  },
}
