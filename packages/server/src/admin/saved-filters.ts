import { randomBytes } from 'node:crypto'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer } from '../crypto/sealer.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../stores/database.ts'
import type { SavedFilter } from '../stores/saved-filter-store.ts'

/** A filter, opened. */
export interface OpenFilter extends Omit<SavedFilter, 'filterSealed' | 'adminId'> {
  filter: Record<string, unknown>
}

/**
 * What an administrator looked for. It may hold a number, so it is sealed, an address names it by an id that tells
 * nothing, and only who saved it reads it.
 */
export interface SavedFilters {
  save(
    adminId: string,
    filter: { page: string; name?: string | undefined; filter: OpenFilter['filter'] },
  ): Promise<OpenFilter>
  find(adminId: string, id: string): Promise<OpenFilter | undefined>
  /** Those with a name. */
  list(adminId: string, page?: string): Promise<OpenFilter[]>
  remove(adminId: string, id: string): Promise<boolean>
}

export interface SavedFiltersParts {
  db: Pick<Database, 'savedFilters'>
  keyRing: KeyRing
  clock: Clock
}

/** What binds a sealed filter to its row. */
export const savedFilterContext = (id: string): string => `filter:${id}`

export function createSavedFilters({ db, keyRing, clock }: SavedFiltersParts): SavedFilters {
  const sealer = createSealer(keyRing, 'admin-encryption')
  const open = ({ filterSealed, adminId: _, ...saved }: SavedFilter): OpenFilter => ({
    ...saved,
    filter: JSON.parse(sealer.open(filterSealed, savedFilterContext(saved.id))),
  })

  return {
    save: async (adminId, { page, name, filter }) => {
      const id = randomBytes(12).toString('base64url')
      const filterSealed = sealer.seal(JSON.stringify(filter), savedFilterContext(id))
      const saved = { id, adminId, page, name: name ?? null, filterSealed, createdAtMs: clock.now() }
      await db.savedFilters.add(saved)
      return open(saved)
    },
    find: async (adminId, id) => {
      const saved = await db.savedFilters.find(id)
      return saved?.adminId === adminId ? open(saved) : undefined
    },
    list: async (adminId, page) => (await db.savedFilters.listNamed(adminId, page)).map(open),
    remove: (adminId, id) => db.savedFilters.remove(id, adminId),
  }
}
