// Made-up people, by number: what WeChat says of each is computed from the code, so that nothing has to be kept.
import { phoneCode } from './facts.mjs'

const DIGITS = 9
const digits = (number) => String(number).padStart(DIGITS, '0')

/** Each use has codes of its own. A login code has 32 characters, a phone code 64. */
export const codesOf = (person, use) => ({
  loginCode: digits(person) + String(use).padStart(32 - DIGITS, '0'),
  phoneCode: digits(person) + phoneCode(use).slice(DIGITS),
})

/** Whose code it is, as text. */
const personOf = (code) => code.slice(0, DIGITS)
export const openidOf = (code) => `o${personOf(code).padStart(27, 'A')}`
export const numberOf = (code) => `13${personOf(code)}`
