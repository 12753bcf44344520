/**
 * Copies what is safe of an error: name, code and message. The originals of HTTP clients hold sockets, raw
 * bytes of the answer, headers and, on some runtimes, the URL with its query.
 */
export function plainCause(error: unknown): Error {
  const from = error as { name?: unknown; code?: unknown; message?: unknown } | null | undefined
  const message = typeof from?.message === 'string' ? from.message : 'unknown failure'
  const copy = new Error(withoutSecrets(message))
  if (typeof from?.name === 'string') copy.name = from.name
  if (typeof from?.code === 'string') Object.assign(copy, { code: from.code })
  delete copy.stack
  return copy
}

/**
 * Cuts off queries, and whatever by its form may be a token, a secret, a code, a session key or a phone number: 20
 * characters without a gap that hold a digit, or eleven digits.
 */
function withoutSecrets(text: string): string {
  return text
    .replace(/\?[^\s'")]+/g, '?…')
    .replace(/(?<![\w+/=-])(?=[A-Za-z_+/=-]*\d)[\w+/=-]{20,}/g, '…')
    .replace(/\d{11,}/g, '…')
}
