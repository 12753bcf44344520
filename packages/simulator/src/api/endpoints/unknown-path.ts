import { text } from '../../text.ts'
import { refuse } from '../answer.ts'
import type { Endpoint } from '../endpoint.ts'

/** Stands for every path that is not there. */
export const unknownPath: Endpoint = {
  path: '*',
  method: 'GET',
  family: 'cgi-bin',
  auth: { kind: 'unknown' },
  quota: { daily: 0, perMinute: 0 },
  handle: () => refuse(40066, text('没有这个接口', 'there is no such path')),
}
