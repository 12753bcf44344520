import type { WxErrorTexts } from './base.ts'
import { WxUsageError } from './classes.ts'

/**
 * The error of an option or a parameter that is not valid.
 *
 * @param name - of the option, as the caller writes it
 * @param rule - what it must be, in words that follow the name; never its value, which may be a secret
 */
export function badOption(name: string, rule: WxErrorTexts, cause?: unknown): WxUsageError {
  return new WxUsageError('ERR_WX_BAD_OPTION', { en: `${name} ${rule.en}`, zh: `${name} ${rule.zh}` }, cause)
}
