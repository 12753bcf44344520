/**
 * The legacy way: data that a page hands over encrypted under the session key.
 *
 * @module
 */
export { decryptData, type EncryptedData, type Watermarked } from './decrypt-data.ts'
export { decryptPhoneNumber } from './decrypt-phone-number.ts'
export { type RawData, sessionSignature, verifyRawData } from './signatures.ts'
