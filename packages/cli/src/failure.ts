/** A failure whose texts, Chinese first, then English, are all that a person needs; no stack is shown. */
export class Failure extends Error {
  override readonly name = 'Failure'

  constructor(texts: readonly string[], options?: ErrorOptions) {
    super(texts.join('\n'), options)
  }
}
