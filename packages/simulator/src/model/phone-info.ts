import type { PhoneNumber } from './phone-numbers.ts'
import type { Switches, SwitchValue } from './switches.ts'

/** `phone_info` as WeChat spells it, for the API answer and for encryptedData alike. */
export interface PhoneInfo {
  phoneNumber: string
  purePhoneNumber: string
  countryCode?: string | number
  watermark: { timestamp: number; appid: string }
}

const countryCodes: Readonly<
  Record<SwitchValue<'country-code-type'>, (code: string) => Pick<PhoneInfo, 'countryCode'>>
> = {
  string: (code) => ({ countryCode: code }),
  number: (code) => ({ countryCode: Number(code) }),
  plus: (code) => ({ countryCode: `+${code}` }),
  empty: () => ({ countryCode: '' }),
  missing: () => ({}),
}

/** A mainland number stands bare; a foreign one carries its country code. */
export function phoneInfo(
  { countryCallingCode, nationalNumber }: PhoneNumber,
  watermark: PhoneInfo['watermark'],
  switches: Switches,
): PhoneInfo {
  const plus = switches.get('foreign-phone-number') === 'plus' ? '+' : ''
  const isMainland = countryCallingCode === '86'
  return {
    phoneNumber: isMainland ? nationalNumber : plus + countryCallingCode + nationalNumber,
    purePhoneNumber: nationalNumber,
    ...countryCodes[switches.get('country-code-type')](countryCallingCode),
    watermark,
  }
}
