// Days, months and what is spent in them are those of Asia/Shanghai, wherever the reader sits.
export const timeZone = 'Asia/Shanghai'

/** Today as `YYYY-MM-DD`. */
export function today(): string {
  return dayOf(Date.now())
}

/** The day of Asia/Shanghai that an instant falls into, `YYYY-MM-DD`. */
export function dayOf(atMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(atMs)
}

/** `YYYY-MM-DD` so many days away. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The instant at which a day (`YYYY-MM-DD`) or a minute (`YYYY-MM-DDTHH:mm`) of Asia/Shanghai begins. */
export function startOf(text: string): string {
  return new Date(`${text.length > 10 ? text : `${text}T00:00`}:00+08:00`).toISOString()
}

/** The instant at which it is over. */
export function endOf(text: string): string {
  const lengthMs = text.length > 10 ? 60_000 : 86_400_000
  return new Date(Date.parse(startOf(text)) + lengthMs).toISOString()
}

/** The minute of Asia/Shanghai that an instant falls into, `YYYY-MM-DDTHH:mm`. */
export function minuteOf(atMs: number): string {
  return new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 16)
}
