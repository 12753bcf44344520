import type { Endpoint } from '../endpoint.ts'
import { code2Session } from './code2session.ts'
import { getUserPhoneNumber } from './get-user-phone-number.ts'
import { stableToken } from './stable-token.ts'
import { token } from './token.ts'

/** Every path of WeChat's API host that is played here. */
export const endpoints: readonly Endpoint[] = [stableToken, token, code2Session, getUserPhoneNumber]
