import type { z } from 'zod'
import { SimulatorError } from '../errors.ts'

/**
 * Checks what came in against a schema.
 *
 * @throws SimulatorError `BAD_INPUT` naming each field that is wrong
 */
export function readInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
    .join('; ')
  throw new SimulatorError(400, 'BAD_INPUT', {
    zh: `请求参数不正确：${issues}`,
    en: `The input is not valid: ${issues}`,
  })
}
