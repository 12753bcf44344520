import type { IRateLimiterOptions, RateLimiterAbstract } from 'rate-limiter-flexible'

/** Makes the counter of one limit. Where it keeps its counts, all who have a counter of that name count together. */
export type MakeCounter = (options: IRateLimiterOptions) => RateLimiterAbstract
