/** Tables whose rows are removed when they are old, and the column that tells how old a row is. Filters with a name stay. */
export const agingTables = {
  admin_links: 'expires_at_ms',
  admin_sessions: 'expires_at_ms',
  saved_filters: 'created_at_ms',
  limits: 'expire',
  merge_tickets: 'expires_at_ms',
  phone_bindings: 'unbound_at_ms',
  events: 'created_at_ms',
  sms_requests: 'expires_at_ms',
  token_events: 'at_ms',
} as const

export type AgingTable = keyof typeof agingTables

export interface RetentionStore {
  /** Removes rows from before a time, oldest first, and says how many. Rows whose column is empty stay. */
  removeBefore(table: AgingTable, beforeMs: number, limit: number): Promise<number>
}
