export type PostgresServer = {
  missing?: undefined
  /** Address of the database `postgres`. */
  url: string
  /** Folder of the data and the log. */
  dir: string
  start(): Promise<unknown>
  stop(): Promise<unknown>
  /** Stops it and removes what it stored. */
  end(): Promise<void>
}

export function embeddedPostgres(
  major: 15 | 18,
  options?: { isDurable?: boolean; settings?: Record<string, string | number> },
): Promise<PostgresServer | { missing: string }>
