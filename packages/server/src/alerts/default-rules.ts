import type { AlertKind } from '@haoma/protocol/admin'
import type { NewId } from '../kernel/ids.ts'
import type { AlertRule } from '../stores/alert-store.ts'
import { kindNames, kinds } from './kinds.ts'

/** What can wait until people are awake. */
const canWait: readonly AlertKind[] = [
  'refusals-high',
  'run-out-near',
  'waste-high',
  'reconciliation-off',
  'number-unreadable',
]
const NIGHT = { from: '22:00', to: '08:00' }

/** A rule of every kind, with the defaults of the kind, told to every channel. */
export function defaultRules(newId: NewId, nowMs: number): AlertRule[] {
  return kindNames.map((kind, i) => ({
    id: newId(nowMs),
    name: kinds[kind].text.zh,
    kind,
    settings: {},
    channels: [],
    quietHours: canWait.includes(kind) ? NIGHT : null,
    isEnabled: true,
    // In the order of the kinds.
    createdAtMs: nowMs + i,
    updatedAtMs: nowMs,
  }))
}
