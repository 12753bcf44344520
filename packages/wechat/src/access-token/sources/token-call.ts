import type { Answer, CallInput, Endpoint } from '../../internal/endpoint.ts'

/** Makes one call of a token endpoint, repeats and failover within the time-out included. */
export type TokenCall = (endpoint: Endpoint, timeoutMs: number, input: CallInput) => Promise<Answer>
