/** Tables that grow without end, and the column that tells when a row is from. On PostgreSQL they are kept in months. */
export const monthTables = {
  audit: 'at_ms',
  ledger: 'seen_at_ms',
  logins: 'at_ms',
  telemetry_events: 'at_ms',
} as const

export type MonthTable = keyof typeof monthTables

/** A month of Asia/Shanghai. */
export interface Month {
  /** `2026-11`. */
  name: string
  fromMs: number
  toMs: number
}

export interface MonthStore {
  /**
   * Makes room for a month where tables are kept in months, and moves rows there that came before it was made. Does
   * nothing when there is room already.
   *
   * @throws {StoreUnavailableError} When somebody holds the table for longer than two seconds; try again later.
   */
  makeRoom(table: MonthTable, month: Month): Promise<void>
  /** Drops months that ended by then, whole, and gives their names, `2026-11`. None where there are no months. */
  dropMonthsBefore(table: MonthTable, beforeMs: number): Promise<string[]>
  /** Removes rows from before a time that are in no month, oldest first, and says how many. */
  removeBefore(table: MonthTable, beforeMs: number, limit: number): Promise<number>
}
