import type { Text } from '../../text.ts'

export interface SwitchEntry<V extends string = string> {
  default: V
  values: readonly V[]
  text: Text
  /** What is known and from where, for those who want to judge the default. */
  source: Text
}

export const define = <const V extends string>(entry: SwitchEntry<V>) => entry
