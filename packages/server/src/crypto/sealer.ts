import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type KeyPurpose, type KeyRing, MissingKeyError } from './key-ring.ts'

const VERSION = '1'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Text encrypted at rest, with the id of its key in front, so that keys can be rotated row by row. */
export interface Sealer {
  /**
   * Encrypts with AES-256-GCM.
   *
   * @param context - What the text belongs to. {@link Sealer.open} needs the same, so that a stored value
   *   moved to another row does not open there.
   * @param keyId - Key of the ring to seal with. Default is the current one.
   * @throws {MissingKeyError} When the ring does not hold that key.
   */
  seal(plain: string, context: string, keyId?: string): string
  /** @throws {UnsealError} When the key is not in the ring, or the text was altered or moved. */
  open(sealed: string, context: string): string
}

/** A sealed text cannot be opened: its master key is missing, or it was altered. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError'
}

/** Is told of what does not open, by its purpose and its key. */
export type TellUnopened = (purpose: KeyPurpose, keyId: string) => void

/** The id of the key that a text was sealed with. */
export function sealingKeyOf(sealed: string): string | undefined {
  return sealed.split('.')[1]
}

export function createSealer(keyRing: KeyRing, purpose: KeyPurpose): Sealer {
  return {
    seal: (plain, context, keyId) => {
      const found = keyId === undefined ? keyRing.current(purpose) : keyRing.find(purpose, keyId)
      if (!found) throw new MissingKeyError(keyId ?? '')
      const { id, key } = found
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return [VERSION, id, body.toString('base64url')].join('.')
    },
    open: (sealed, context) => {
      const [version, id, body] = sealed.split('.')
      const found = version === VERSION && id ? keyRing.find(purpose, id) : undefined
      if (!found || !body) throw new UnsealError('the master key this value was sealed with is not available')
      const bytes = Buffer.from(body, 'base64url')
      try {
        const decipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(0, IV_BYTES), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
        const plain = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES))
        return Buffer.concat([plain, decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new UnsealError('a sealed value was altered', { cause })
      }
    },
  }
}
