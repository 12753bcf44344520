/** What somebody looked for on a page of the console, under an id that stands in an address in its place. */
export interface SavedFilter {
  id: string
  adminId: string
  page: string
  /** `null` for one that was made only to be an address. */
  name: string | null
  /** The filter itself, which may hold a number. */
  filterSealed: string
  createdAtMs: number
}

export interface SavedFilterStore {
  add(filter: SavedFilter): Promise<void>
  find(id: string): Promise<SavedFilter | undefined>
  /** The named ones of an administrator, in the order of their names. */
  listNamed(adminId: string, page?: string): Promise<SavedFilter[]>
  /** All of everybody, also those without a name. */
  list(): Promise<SavedFilter[]>
  reseal(id: string, filterSealed: string): Promise<void>
  /** False when the administrator has no filter of that id. */
  remove(id: string, adminId: string): Promise<boolean>
}
