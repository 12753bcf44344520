/**
 * A string that does not print: `console.log`, `util.inspect`, `JSON.stringify`, template literals and
 * string concatenation all show `[secret]`. Only {@link Secret.reveal} gives the text.
 */
export interface Secret {
  /** Gives the text itself. Call it at the last moment, where the text is needed. */
  reveal(): string
  /** Always `[secret]`. */
  toString(): string
  /** Always `[secret]`. */
  toJSON(): string
}

/** A secret as a caller may hand it in: wrapped, or as a plain string. */
export type SecretInput = string | Secret

const texts = new WeakMap<object, string>()
const hidden = (): string => '[secret]'

const face = {
  reveal(this: object): string {
    return texts.get(this) ?? ''
  },
  toString: hidden,
  toJSON: hidden,
  [Symbol.toPrimitive]: hidden,
  [Symbol.for('nodejs.util.inspect.custom')]: hidden,
  [Symbol.for('Deno.customInspect')]: hidden,
}

/**
 * Wraps a text so that it cannot reach a log by accident.
 *
 * @param text - the secret text
 */
export function createSecret(text: string): Secret {
  const secret: Secret = Object.create(face)
  texts.set(secret, text)
  return Object.freeze(secret)
}

/** Gives the text of a secret, wrapped or plain. */
export function reveal(secret: SecretInput): string {
  return typeof secret === 'string' ? secret : secret.reveal()
}
