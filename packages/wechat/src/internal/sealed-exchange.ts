import type { ApiSecurity } from '../api-security/index.ts'
import { badOption } from '../errors/bad-option.ts'
import { WxRefusedDataError, type WxUsageError } from '../errors/index.ts'
import { createSecret } from '../secret.ts'
import type { TransportResponse } from '../transport/types.ts'
import type { Answer } from './endpoint.ts'
import { type Attempt, type CallerDeps, pathOf } from './exchange.ts'
import { readAnswer, throwOnErrcode } from './read-answer.ts'

/** Makes one request that is signed and encrypted, and verifies and decrypts its answer. */
export async function sealedExchange(
  { endpoint, input, token, wait }: Attempt,
  security: ApiSecurity,
  { hosts, clock }: CallerDeps,
): Promise<Answer> {
  const { path } = endpoint
  if (input.wantsBytes === true || input.encoded !== undefined) throw notSealed(path)
  const plain = { path, nowS: Math.floor(clock.now() / 1000) }
  const sealed = await security.seal({ ...plain, query: input.query, body: input.body })
  const response = await hosts.send({
    path: pathOf(path, token?.query, undefined),
    method: 'POST',
    body: sealed.body,
    headers: { 'content-type': 'application/json', ...sealed.headers },
    deadlineAtMs: wait.deadlineAtMs,
    signal: wait.signal,
  })
  // Errors of the way there (a gateway's page, an empty 412) are told as for a plain call.
  readAnswer(response, endpoint)
  const answer = await opened(response, security, { path, nowS: Math.floor(clock.now() / 1000) })
  throwOnErrcode(answer, endpoint)
  return answer
}

function notSealed(path: string): WxUsageError {
  return badOption('call', {
    en: `cannot send a form to, or take a file from, ${path} while API security is on: WeChat seals JSON only`,
    zh: `在启用 API 安全时无法对 ${path} 上传表单或获取文件：微信只对 JSON 加密`,
  })
}

/** Opens an answer; one that is refused is kept, because the code that it answers is most likely spent. */
async function opened(
  response: TransportResponse,
  security: ApiSecurity,
  { path, nowS }: { path: string; nowS: number },
): Promise<Answer> {
  const { headers, body } = response
  try {
    return await security.open({ headers, body, path, nowS })
  } catch (error) {
    if (!(error instanceof WxRefusedDataError)) throw error
    const { code, detail, cause } = error
    throw new WxRefusedDataError(code, { detail, cause, answer: createSecret(body) })
  }
}
