import type { AdminRole } from '../stores/admin-store.ts'

/** What an API key may be good for: the metrics alone, or what a role may do. */
export const apiKeyScopes = {
  metrics: '读取 /metrics · Read /metrics',
  viewer: '查看一切，号码打码 · See everything, numbers masked',
  operator: '查看并更改 · See and change',
} as const

export type ApiKeyScope = keyof typeof apiKeyScopes

const ranks = { viewer: 1, operator: 2, owner: 3 } as const satisfies Record<AdminRole, number>

export const adminRoles = Object.keys(ranks) as readonly AdminRole[]

/** Whether somebody of this role may do what needs at least the other. */
export function reaches(role: AdminRole | null, least: AdminRole): boolean {
  return role !== null && ranks[role] >= ranks[least]
}

/** Whether a key of these scopes opens what is for monitors, or for viewers. Each role may read the metrics too. */
export function opens(scopes: readonly string[], scope: 'metrics' | 'viewer'): boolean {
  return (scope === 'metrics' && scopes.includes('metrics')) || reaches(roleOfScopes(scopes), 'viewer')
}

/** The role that scopes add up to; `null` when they are good for the metrics alone. */
export function roleOfScopes(scopes: readonly string[]): AdminRole | null {
  if (scopes.includes('operator')) return 'operator'
  return scopes.includes('viewer') ? 'viewer' : null
}
