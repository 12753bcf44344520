/**
 * Copies what is safe of an error: name, code and message. The originals of HTTP clients hold sockets, raw
 * bytes of the answer and, on some runtimes, the URL with its query.
 */
export function plainCause(error: unknown): Error {
  const from = error as { name?: unknown; code?: unknown; message?: unknown } | null | undefined
  const message = typeof from?.message === 'string' ? from.message : 'unknown failure'
  const copy = new Error(withoutQuery(message))
  if (typeof from?.name === 'string') copy.name = from.name
  if (typeof from?.code === 'string') Object.assign(copy, { code: from.code })
  delete copy.stack
  return copy
}

/** Cuts the query off whatever looks like a URL or a path. */
function withoutQuery(text: string): string {
  return text.replace(/\?[^\s'")]+/g, '?…')
}
