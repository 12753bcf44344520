import { get, post } from '../api/call.ts'

interface SavedFilter {
  id: string
  filter: Record<string, unknown>
}

/**
 * Keeps a filter that holds a number or an openid at the service, and gives the id by which an address may name it:
 * numbers never stand in an address.
 */
export async function saveFilter(
  page: string,
  filter: Record<string, unknown>,
  name?: string,
): Promise<string> {
  const { id } = await post<SavedFilter>('filters', { page, filter, ...(name && { name }) })
  return id
}

export async function readFilter(id: string, signal?: AbortSignal): Promise<Record<string, unknown>> {
  return (await get<SavedFilter>(`filters/${encodeURIComponent(id)}`, {}, signal)).filter
}
