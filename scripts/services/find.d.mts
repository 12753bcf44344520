/** The first of `names` that is on the PATH or in one of `folders`, or undefined. */
export function findBinary(names: readonly string[], folders?: readonly string[]): string | undefined
/** A TCP port that nobody listens on, below the range of outgoing connections. */
export function freePort(): Promise<number>
