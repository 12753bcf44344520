import type { EntryFilter, EntryPlace, LedgerRow, LedgerStore } from '../stores/ledger-store.ts'

const AT_ONCE = 500

/** All entries of a kind, oldest first, some at a time: memory does not grow with their number. */
export async function* entryPages(
  ledger: Pick<LedgerStore, 'page'>,
  filter: EntryFilter,
): AsyncGenerator<LedgerRow[]> {
  let after: EntryPlace | undefined
  while (true) {
    const found = await ledger.page(filter, { limit: AT_ONCE, after })
    if (found.length > 0) yield found
    if (found.length < AT_ONCE) return
    after = found.at(-1)
  }
}
