import type { Text } from './text.ts'

/**
 * A request to the device or control endpoints that cannot be done. It never stands for an answer of
 * WeChat's: those are ordinary values.
 */
export class SimulatorError extends Error {
  readonly code: string
  readonly status: number
  readonly text: Text

  constructor(status: number, code: string, text: Text) {
    super(text.en)
    this.name = 'SimulatorError'
    this.status = status
    this.code = code
    this.text = text
  }
}

/** Makes the error for something that was named and is not there. */
export function notFound(code: string, text: Text): SimulatorError {
  return new SimulatorError(404, code, text)
}
