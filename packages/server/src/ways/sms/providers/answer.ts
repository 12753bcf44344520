import { NotSentError, type Posted } from './post.ts'
import type { SmsOutcome } from './provider.ts'

/**
 * Asks a provider and reads what it answers. No connection: refused, and nothing went out. No answer, or one that cannot
 * be read: nobody knows.
 *
 * @param read - Reads the fields of a JSON answer; `undefined` when it is not one of the provider's.
 */
export async function askProvider(
  ask: () => Promise<Posted>,
  read: (answer: Record<string, unknown>) => SmsOutcome | undefined,
): Promise<SmsOutcome> {
  try {
    const { status, text } = await ask()
    return read(fieldsOf(text)) ?? { outcome: 'unknown', error: `HTTP_${status}` }
  } catch (error) {
    if (error instanceof NotSentError) {
      return { outcome: 'refused', refusal: 'unreachable', error: 'UNREACHABLE' }
    }
    return { outcome: 'unknown', error: 'NO_ANSWER' }
  }
}

export function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? { ...value } : {}
  try {
    return fieldsOf(JSON.parse(value) as object)
  } catch {
    return {}
  }
}

export const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
