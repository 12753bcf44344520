/** What a failing API gives its caller; WeChat's own have no other fields that code could count on. */
export interface Failure {
  errMsg: string
  errno?: number
}

/** The three callbacks that most of WeChat's functions take. */
export interface Callbacks {
  success?(result: unknown): void
  fail?(failure: Failure): void
  complete?(result: unknown): void
}

type Options = Record<string, unknown> & Callbacks

/** A reason that becomes `errMsg: "<name>:fail <reason>"`. */
export class WxFailure extends Error {
  readonly errno: number | undefined

  constructor(reason: string, errno?: number) {
    super(reason)
    this.name = 'WxFailure'
    this.errno = errno
  }
}

/**
 * Gives a function WeChat's calling form: callbacks when any is passed, else a promise.
 *
 * @param run - Does the work; its result's fields join `errMsg`. A thrown {@link WxFailure} is the failure.
 */
export function withCallbacks(
  name: string,
  run: (options: Record<string, unknown>) => unknown,
): (options?: Options) => Promise<unknown> | undefined {
  return (options = {}) => {
    const result = Promise.resolve()
      .then(() => run(options))
      .then((value) => ({ errMsg: `${name}:ok`, ...(value as object | undefined) }))
      .catch((error: unknown) => {
        throw describeFailure(name, error)
      })
    if (!options.success && !options.fail && !options.complete) return result
    result.then(
      (value) => {
        report(() => options.success?.(value))
        report(() => options.complete?.(value))
      },
      (failure: Failure) => {
        report(() => options.fail?.(failure))
        report(() => options.complete?.(failure))
      },
    )
    return undefined
  }
}

function describeFailure(name: string, error: unknown): Failure {
  if (error instanceof WxFailure) {
    return {
      errMsg: `${name}:fail ${error.message}`,
      ...(error.errno === undefined ? {} : { errno: error.errno }),
    }
  }
  return { errMsg: `${name}:fail ${error instanceof Error ? error.message : String(error)}` }
}

/** An error in a callback is the mini program's own: it goes to its console, not into ours. */
function report(call: () => void): void {
  try {
    call()
  } catch (error) {
    reportError(error)
  }
}
