/** A database address that this version cannot open. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError'
}

/**
 * The SQLite path in a database address: `sqlite:PATH`, `file:PATH`, `sqlite::memory:` or a plain path.
 *
 * @throws {DatabaseUrlError} For any other database, saying what to use.
 */
export function databasePath(url: string): string {
  if (url === ':memory:') return url
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? []
  if (scheme === undefined) return url
  if (/^(?:sqlite|file)$/i.test(scheme)) {
    const path = rest.replace(/^\/\/(?=\/|\.)/, '')
    if (path) return path
  }
  if (/^postgres(?:ql)?$/i.test(scheme)) {
    throw new DatabaseUrlError(
      'PostgreSQL 将在后续版本支持，目前请使用 sqlite:路径 / PostgreSQL comes with a later version; for now use sqlite:PATH',
    )
  }
  throw new DatabaseUrlError(
    '应为 sqlite:路径，例如 sqlite:.haoma/haoma.db / must be sqlite:PATH, such as sqlite:.haoma/haoma.db',
  )
}
