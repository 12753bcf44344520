/** One line of the address table: what it is, where, and what to do there. */
export interface Row {
  label: string
  value: string
  note?: string
}

/** Chinese characters and full-width signs take two columns of a terminal. */
export function columns(text: string): number {
  let width = 0
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1
  return width
}

const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - columns(text)))

const WIDEST_VALUE = 48

/** Lays rows out in aligned columns, two blanks in front. */
export function table(rows: readonly Row[]): string {
  const labels = Math.max(...rows.map(({ label }) => columns(label)))
  // One long address does not push what is said of all others out of sight.
  const values = Math.max(
    0,
    ...rows.map(({ value }) => columns(value)).filter((width) => width <= WIDEST_VALUE),
  )
  return rows
    .map(({ label, value, note = '' }) =>
      `  ${pad(label, labels)}   ${pad(value, values)}   ${note}`.trimEnd(),
    )
    .join('\n')
}
