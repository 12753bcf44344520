import type { TextPair } from '@haoma/protocol/admin'
import type { AlertSettings } from '../stores/alert-store.ts'
import type { Readings } from './readings.ts'

/** Something that is wrong now. */
export interface Finding {
  /** Names it among all that a rule may find: the same words for the same cause, however often it is looked at. */
  cause: string
  appid: string | null
  /** What the texts are made of. */
  data: Record<string, string | number>
}

/** What a rule asks for, with the defaults of its kind in place. */
export interface Asked extends AlertSettings {
  threshold: number
  windowS: number
  minEntries: number
}

export interface Kind {
  text: TextPair
  unit: TextPair
  /** The defaults; a window of 0 is for what is looked at as it is now. */
  threshold: number
  windowS: number
  minEntries: number
  /** What is wrong by this rule. */
  look(readings: Readings, asked: Asked, nowMs: number): Promise<Finding[]>
  /** One alert in a sentence. */
  describe(data: Finding['data']): TextPair
  whatToDo: TextPair
}

export const HOUR_S = 3600
export const DAY_S = 86_400
export const calls: TextPair = { zh: '次', en: 'calls' }
export const percent: TextPair = { zh: '%', en: '%' }
export const times: TextPair = { zh: '次', en: 'times' }

/** An app and a component; what a rule leaves out is any. */
export const isMeant = (of: { appid: string; component?: string }, { appids, components }: Asked) =>
  (!appids?.length || appids.includes(of.appid)) &&
  (!components?.length || of.component === undefined || components.includes(of.component))

export const percentOf = (part: number, whole: number) =>
  whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10
export const yuan = (li: string | number | undefined) => (Number(li) / 1000).toFixed(2)

/** Rows of each app that is meant. */
export function byApp<Row extends { appid: string | null }>(rows: readonly Row[], asked: Asked) {
  const appids = [...new Set(rows.flatMap(({ appid }) => appid ?? []))].filter((appid) =>
    isMeant({ appid }, asked),
  )
  return appids.map((appid) => ({ appid, own: rows.filter((row) => row.appid === appid) }))
}
