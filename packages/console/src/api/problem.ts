import type { Problem } from '@haoma/protocol'
import { language } from '../look/i18n.ts'

/** An answer that is not what was asked for: a problem document of the service, or no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** 0: nothing was answered. */
  readonly status: number
  readonly problem: Problem | undefined

  constructor(status: number, problem?: Problem) {
    super(problem?.code ?? (status ? `HTTP ${status}` : 'no answer'))
    this.status = status
    this.problem = problem
  }

  get code(): string | undefined {
    return this.problem?.code
  }

  /** What to do, in the language of the page; undefined when the service said nothing that one can read. */
  get text(): string | undefined {
    return this.problem?.texts?.[language()] ?? this.problem?.detail
  }
}

/** Reads the problem document of an answer; a proxy's error page is none. */
export async function problemOf(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as Problem
    return new ApiError(response.status, typeof body?.code === 'string' ? body : undefined)
  } catch {
    return new ApiError(response.status)
  }
}
