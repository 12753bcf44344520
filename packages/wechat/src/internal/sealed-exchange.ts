import type { ApiSecurity } from '../api-security/index.ts'
import type { Answer } from './endpoint.ts'
import { type Attempt, type CallerDeps, pathOf, remaining } from './exchange.ts'
import { readAnswer, throwOnErrcode } from './read-answer.ts'

/** Makes one request that is signed and encrypted, and verifies and decrypts its answer. */
export async function sealedExchange(
  { endpoint, input, token, wait }: Attempt,
  security: ApiSecurity,
  { hosts, clock }: CallerDeps,
): Promise<Answer> {
  const { path } = endpoint
  const plain = { path, nowS: Math.floor(clock.now() / 1000) }
  const sealed = await security.seal({
    ...plain,
    ...(input.query && { query: input.query }),
    ...(input.body && { body: input.body }),
  })
  const response = await hosts.send({
    path: pathOf(path, token?.query, undefined),
    method: 'POST',
    body: sealed.body,
    headers: { 'content-type': 'application/json', ...sealed.headers },
    timeoutMs: remaining(wait, clock),
    signal: wait.signal,
  })
  // Errors of the way there (a gateway's page, an empty 412) are told as for a plain call.
  readAnswer(response, endpoint)
  const answer = await security.open({ ...response, path, nowS: Math.floor(clock.now() / 1000) })
  throwOnErrcode(answer, endpoint)
  return answer
}
