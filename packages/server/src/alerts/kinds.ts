import type { AlertKind } from '@haoma/protocol/admin'
import type { Kind } from './kind.ts'
import { loginKinds } from './login-kinds.ts'
import { moneyKinds } from './money-kinds.ts'
import { serviceKinds } from './service-kinds.ts'

/** Everything that can be watched. A new kind is a new row of its group. */
export const kinds: Record<AlertKind, Kind> = { ...moneyKinds, ...loginKinds, ...serviceKinds }

export const kindNames = Object.keys(kinds) as AlertKind[]
export const isKind = (name: string): name is AlertKind => Object.hasOwn(kinds, name)
