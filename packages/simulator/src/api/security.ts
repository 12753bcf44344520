import type { Answer } from './answer.ts'
import type { ApiCall } from './endpoint.ts'
import type { Reply } from './reply.ts'

export function openSecuredRequest(_call: ApiCall): Answer | undefined {
  return undefined
}

export function sealAnswer(_call: ApiCall, reply: Reply): Reply {
  return reply
}
