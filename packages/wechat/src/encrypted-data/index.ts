export { decryptData, type EncryptedData, type Watermarked } from './decrypt-data.ts'
export { type DecryptedPhoneNumber, decryptPhoneNumber } from './decrypt-phone-number.ts'
export { EncryptedDataError, type EncryptedDataErrorCode, type EncryptedDataReason } from './errors.ts'
export { type RawData, sessionSignature, verifyRawData } from './signatures.ts'
