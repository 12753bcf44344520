/** A database address that cannot be opened. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError'
}

/** Which database an address names. */
export type DatabaseAddress = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: string }

/**
 * Reads a database address: `postgres://…`, `sqlite:PATH`, `file:PATH`, `sqlite::memory:` or a plain path. A path after
 * `sqlite:` is relative as it stands; one slash or three make it absolute (`sqlite:/var/…`, `sqlite:///var/…`).
 *
 * @throws {DatabaseUrlError} Saying what to write instead. It never repeats the address, which may hold a password.
 */
export function readDatabaseUrl(url: string): DatabaseAddress {
  if (url === ':memory:') return { kind: 'sqlite', path: url }
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? []
  if (scheme === undefined) return { kind: 'sqlite', path: sqlitePath(url) }
  if (/^(?:sqlite|file)$/i.test(scheme)) return { kind: 'sqlite', path: sqlitePath(rest) }
  if (/^postgres(?:ql)?$/i.test(scheme) && isPostgresUrl(url)) return { kind: 'postgres', url }
  throw new DatabaseUrlError(
    '应为 postgres://用户:密码@主机:端口/库名 或 sqlite:路径，例如 sqlite:.haoma/haoma.db / ' +
      'must be postgres://user:password@host:port/database or sqlite:PATH, such as sqlite:.haoma/haoma.db',
  )
}

function sqlitePath(rest: string): string {
  // "//data/haoma.db" would name a host: people mean a folder beside them, and would get one at the root of the disk.
  const isHost = /^\/\/(?!\/)/.test(rest) && !/^\/\/\.{1,2}\//.test(rest)
  if (rest === '' || isHost) {
    throw new DatabaseUrlError(
      '相对路径写作 sqlite:data/haoma.db，绝对路径写作 sqlite:/data/haoma.db / ' +
        'must be sqlite:data/haoma.db for a path from here, sqlite:/data/haoma.db for one from the root',
    )
  }
  if (/[?#]/.test(rest)) {
    throw new DatabaseUrlError(
      'SQLite 地址不支持参数（? 或 #），请只写路径 / must be a path only: an SQLite address takes no parameters (? or #)',
    )
  }
  return rest.replace(/^\/\/(?=\/|\.)/, '')
}

function isPostgresUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname.length > 1
}
