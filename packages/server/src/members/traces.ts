import { allOf } from '../kernel/all-of.ts'
import type { PhoneVault, StoredPhone } from '../numbers/vault.ts'
import type { Stores } from '../stores/database.ts'

/** Everybody who became part of a member, however long ago. */
export async function formerIdsOf(stores: Pick<Stores, 'merges'>, memberId: string): Promise<string[]> {
  const merges = await stores.merges.listOf(memberId)
  const direct = merges
    .filter(({ intoMember, undoneAtMs }) => intoMember === memberId && undoneAtMs === null)
    .map(({ fromMember }) => fromMember)
  const further = await allOf(direct.map((id) => formerIdsOf(stores, id)))
  return [...direct, ...further.flat()]
}

/** Indexes of numbers under every key: rows elsewhere may still be written with one of before. */
export function subjectsOf(vault: PhoneVault, numbers: readonly StoredPhone[]): string[] {
  const all = numbers.flatMap((number) => {
    const e164 = vault.read(number)
    return [number.subject, ...(e164 === null ? [] : vault.subjectsOf(e164))]
  })
  return [...new Set(all)]
}
