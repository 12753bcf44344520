import type { HaomaOptions } from '@haoma/server'
import type { Settings } from './settings.ts'

/** Beside the simulator codes by SMS are printed here, for the developer who started it; else what the settings say. */
export function smsOptions(settings: Pick<Settings, 'sms'>, isSimulated: boolean): Pick<HaomaOptions, 'sms'> {
  if (settings.sms) return { sms: settings.sms }
  return isSimulated ? { sms: { provider: { kind: 'console', print: (text) => console.log(text) } } } : {}
}
