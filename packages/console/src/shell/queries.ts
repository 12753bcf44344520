import { QueryClient } from '@tanstack/vue-query'
import { ApiError } from '../api/problem.ts'

/** Repeats what got no answer or a busy one; a refusal stays one. */
const isWorthRepeating = (error: Error) =>
  !(error instanceof ApiError) || error.status === 0 || error.status === 503

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 300_000,
      retry: (failures, error) => failures < 2 && isWorthRepeating(error),
      retryDelay: (failures) => 500 * 2 ** failures,
    },
  },
})
