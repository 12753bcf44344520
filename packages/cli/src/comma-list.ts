/** `a, b` as a list; `undefined` when it names nothing. */
export function commaList(text: string | undefined): string[] | undefined {
  const items = text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  return items?.length ? items : undefined
}
