/** A text in the two languages that every Haoma text is written in. */
export interface Text {
  zh: string
  en: string
}

/**
 * What a client does about an error:
 * `retry` send the very same body again, nothing is lost · `tap-again` show the button again, a new phone code is
 * needed · `login-again` run the silent login again · `verify-number` show the realtime component, its number is
 * proof · `resolve-conflict` two accounts meet, a merge ticket is in the body · `use-fallback` offer another way in
 * (SMS) · `show-message` show the text, nothing else helps · `give-up` a fault of the program, not of the user.
 */
export const clientActions = [
  'retry',
  'tap-again',
  'login-again',
  'verify-number',
  'resolve-conflict',
  'use-fallback',
  'show-message',
  'give-up',
] as const

export interface ErrorEntry {
  status: number
  action: (typeof clientActions)[number]
  /** Short and the same for every occurrence. */
  title: string
  /** What happened and what to do. */
  text: Text
}
