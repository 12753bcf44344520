import type { Sink, Value } from './sink.ts'

/** Rows that are added up by some of their columns before they are stored. */
export interface Totals {
  add(key: Record<string, string | number>, counts: Record<string, number>): void
  /** Stores the sums, and begins anew. */
  end(): void
}

export function createTotals(sink: Sink, table: string): Totals {
  let rows = new Map<string, Record<string, Value>>()
  return {
    add: (key, counts) => {
      const name = Object.values(key).join(' ')
      const row = rows.get(name) ?? { ...key }
      rows.set(name, row)
      for (const [column, count] of Object.entries(counts)) row[column] = Number(row[column] ?? 0) + count
    },
    end: () => {
      for (const row of rows.values()) sink.add(table, row)
      rows = new Map()
    },
  }
}
