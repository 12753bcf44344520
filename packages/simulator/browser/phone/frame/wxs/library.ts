/** WXS makes dates with a function: `new` does not exist there. */
export function getDate(...values: unknown[]): Date {
  return Reflect.construct(Date, values) as Date
}

/** WXS makes regular expressions with a function. Unlike `new RegExp`, the flags may be missing or empty. */
export function getRegExp(pattern: unknown, flags?: unknown): RegExp {
  return new RegExp(pattern as string, typeof flags === 'string' ? flags : '')
}

/** What WXS has of `Date`. */
export const wxsDate = { parse: Date.parse, UTC: Date.UTC, now: Date.now }
