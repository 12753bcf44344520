import type { Haoma } from '@haoma/server'

/** The service, opened by the first request. */
export function haoma(): Promise<Haoma>
