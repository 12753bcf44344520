/**
 * Two transactions touched the same thing at once. {@link Database.transaction} runs its work again on
 * this, so that only a lasting conflict reaches a caller.
 */
export class StoreConflictError extends Error {
  override readonly name = 'StoreConflictError'
}

/** The database cannot be reached or written right now; nothing was stored. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}
