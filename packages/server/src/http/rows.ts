import type { Context } from 'hono'
import type { AppEnv } from './router.ts'

/** A row of an export, a value for each column. */
export type ExportRow = Readonly<Record<string, unknown>>

/** How rows are written out. Columns of a CSV stand in its first line. */
export interface RowFormat {
  contentType: string
  extension: string
  head(columns: readonly string[]): string
  line(row: ExportRow, columns: readonly string[]): string
  /** Stands between two lines, and after the last one. */
  between: string
  tail: string
}

/** Excel takes a text for a formula by its first character, also behind blanks. */
const FORMULA = /^[\s]*[=+\-@\t\r]/

/**
 * A value for a CSV: quoted where it has to be, and never a formula.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const rowFormats = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    // Excel reads UTF-8 only behind a byte-order mark.
    head: (columns) => `\uFEFF${columns.join(',')}\r\n`,
    line: (row, columns) => `${columns.map((name) => csvCell(row[name])).join(',')}\r\n`,
    between: '',
    tail: '',
  },
  /** For programs, which take a byte-order mark for part of the first name. */
  plainCsv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    head: (columns) => `${columns.join(',')}\r\n`,
    line: (row, columns) => `${columns.map((name) => csvCell(row[name])).join(',')}\r\n`,
    between: '',
    tail: '',
  },
  json: {
    contentType: 'application/json; charset=utf-8',
    extension: 'json',
    head: () => '[',
    line: (row) => `\n${JSON.stringify(row)}`,
    between: ',',
    tail: '\n]\n',
  },
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    extension: 'ndjson',
    head: () => '',
    line: (row) => `${JSON.stringify(row)}\n`,
    between: '',
    tail: '',
  },
} as const satisfies Record<string, RowFormat>

export type RowFormatName = keyof typeof rowFormats

/**
 * Answers with rows as they are read, in a memory that does not grow with their number. A reader that stops stops the
 * reading. What fails after the first row breaks the connection off: half a file must not look like a whole one.
 */
export function streamRows<Env extends AppEnv>(
  c: Context<Env>,
  rows: AsyncIterable<readonly ExportRow[]>,
  { format, columns, name }: { format: RowFormatName; columns: readonly string[]; name: string },
): Response {
  const { contentType, extension, head, line, between, tail }: RowFormat = rowFormats[format]
  let isFirst = true
  const encoder = new TextEncoder()
  const iterator = rows[Symbol.asyncIterator]()
  let end = (): void => {}
  c.env.hold(
    new Promise<void>((resolve) => {
      end = resolve
    }),
  )
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const text = head(columns)
      if (text !== '') controller.enqueue(encoder.encode(text))
    },
    pull: async (controller) => {
      try {
        const { done, value } = await iterator.next()
        if (done) {
          if (tail !== '') controller.enqueue(encoder.encode(tail))
          controller.close()
          end()
        } else if (value.length > 0) {
          const lines = value.map((row) => line(row, columns)).join(between)
          controller.enqueue(encoder.encode(isFirst ? lines : between + lines))
          isFirst = false
        }
      } catch (error) {
        controller.error(error)
        end()
      }
    },
    cancel: async () => {
      await iterator.return?.()
      end()
    },
  })
  c.header('content-type', contentType)
  c.header('content-disposition', `attachment; filename="${name}.${extension}"`)
  return c.body(body)
}
