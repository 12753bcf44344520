import { SimulatorError } from '../errors.ts'
import { isSameNumber, type PhoneNumber, parsePhoneNumber } from './phone-numbers.ts'
import type { User } from './users.ts'

/** The number on the sheet: one of the user's by id, or another one; without either the first. */
export interface NumberChoice {
  numberId?: string | undefined
  number?: string | PhoneNumber | undefined
}

/** @throws SimulatorError `BAD_NUMBER`, `NO_SUCH_NUMBER` */
export function chooseNumber(user: User, { numberId, number }: NumberChoice): PhoneNumber {
  if (number !== undefined) {
    const typed = readNumber(number)
    return user.numbers.find((own) => isSameNumber(own, typed)) ?? typed
  }
  const chosen = numberId === undefined ? user.numbers[0] : user.numbers.find((own) => own.id === numberId)
  if (chosen) return chosen
  throw new SimulatorError(400, 'NO_SUCH_NUMBER', {
    zh: `用户 ${user.name} 没有这个号码；可用 number 另给一个。`,
    en: `The user ${user.name} has no such number; give another one with \`number\`.`,
  })
}

/** @throws SimulatorError `BAD_NUMBER` */
export function readNumber(input: string | PhoneNumber): PhoneNumber {
  const number = parsePhoneNumber(input)
  if (number) return number
  throw new SimulatorError(400, 'BAD_NUMBER', {
    zh: '号码写法：13800138000、+85261234567，或 { countryCallingCode, nationalNumber }。',
    en: 'Write a number as 13800138000, +85261234567 or { countryCallingCode, nationalNumber }.',
  })
}
