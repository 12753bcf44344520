import type { Switches } from '../model/switches.ts'
import type { Text } from '../text.ts'
import { type Answer, errmsgOf, type Family } from './answer.ts'
import type { ApiCall } from './endpoint.ts'
import { sealAnswer } from './secured-calls.ts'

/** An answer as it goes onto the wire. */
export interface Reply {
  status: number
  headers: Record<string, string>
  body: string
  errcode: number
  why: Text | undefined
}

const JSON_TYPE = 'application/json; encoding=utf-8'
const TEXT_TYPE = 'text/plain'

/** Writes an answer: text, tail and content type of its family; signed and encrypted where that is due. */
export function replyOf(call: ApiCall, answer: Answer): Reply {
  const { family } = call.endpoint
  const body =
    'refusal' in answer
      ? {
          errcode: answer.refusal.errcode,
          errmsg: errmsgOf(answer.refusal, family, call.rid(), call.model.nonceRandom),
        }
      : answer.body
  const reply: Reply = {
    status: 200,
    headers: { 'Content-Type': contentType(family, call.model.switches) },
    body: JSON.stringify(body),
    errcode: 'refusal' in answer ? answer.refusal.errcode : 0,
    why: 'refusal' in answer ? answer.refusal.why : answer.why,
  }
  return call.signedUrl === undefined ? reply : sealAnswer(call, call.signedUrl, reply)
}

function contentType(family: Family, switches: Switches): string {
  const choice = switches.get('content-type')
  if (choice === 'observed') return family === 'sns' ? TEXT_TYPE : JSON_TYPE
  return choice === 'all-json' ? JSON_TYPE : TEXT_TYPE
}
