/** The panels, by the names in their addresses. */
export const panels = ['overview', 'log', 'users', 'codes', 'bill', 'switches', 'faults', 'phone'] as const

export type Panel = (typeof panels)[number]
