import { billingSwitches } from './billing.ts'
import type { SwitchEntry } from './entry.ts'
import { exchangeSwitches } from './exchange.ts'
import { phoneSwitches } from './phone.ts'
import { tokenSwitches } from './tokens.ts'
import { transportSwitches } from './transport.ts'

/**
 * What WeChat's pages leave open, as switches. A default is the answer with the most evidence; where there
 * is none, the one that is safer to develop against.
 */
export const switchTable = {
  ...tokenSwitches,
  ...exchangeSwitches,
  ...phoneSwitches,
  ...billingSwitches,
  ...transportSwitches,
} satisfies Record<string, SwitchEntry>
