import { SimulatorError } from '../errors.ts'
import { switchTable } from './switch-table/index.ts'

export type SwitchKey = keyof typeof switchTable
export type SwitchValue<K extends SwitchKey> = (typeof switchTable)[K]['values'][number]
export type SwitchValues = { [K in SwitchKey]: SwitchValue<K> }

/** What WeChat leaves undocumented, as it stands in this simulator. */
export interface Switches {
  get<K extends SwitchKey>(key: K): SwitchValue<K>
  /**
   * Sets the named switches; the others stay. All or none: a bad one changes nothing.
   *
   * @throws SimulatorError `BAD_SWITCH` for an unknown switch or value.
   */
  set(changes: Readonly<Record<string, string>>): void
  values(): SwitchValues
}

const switchKeys = Object.keys(switchTable) as SwitchKey[]

export function createSwitches(): Switches {
  const values = Object.fromEntries(switchKeys.map((key) => [key, switchTable[key].default])) as SwitchValues
  return {
    get: (key) => values[key],
    set(changes) {
      for (const [key, value] of Object.entries(changes)) checkSwitch(key, value)
      Object.assign(values, changes)
    },
    values: () => ({ ...values }),
  }
}

function checkSwitch(key: string, value: string): void {
  const entry = Object.hasOwn(switchTable, key) ? switchTable[key as SwitchKey] : undefined
  if (!entry) {
    throw new SimulatorError(400, 'BAD_SWITCH', {
      zh: `没有名为 ${key} 的开关，全部开关见 GET /_control/switches。`,
      en: `There is no switch ${key}. All of them: GET /_control/switches.`,
    })
  }
  if (!(entry.values as readonly string[]).includes(value)) {
    throw new SimulatorError(400, 'BAD_SWITCH', {
      zh: `开关 ${key} 只能取：${entry.values.join('、')}。`,
      en: `The switch ${key} takes one of: ${entry.values.join(', ')}.`,
    })
  }
}
