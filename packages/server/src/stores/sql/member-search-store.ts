import { type Kysely, sql } from 'kysely'
import type { MemberSearchStore } from '../member-search-store.ts'
import type { IdentityProvider } from '../member-store.ts'
import { selectionOf } from './rows.ts'
import type { Tables } from './tables.ts'

const memberColumns = selectionOf('id', 'state', 'mergedInto', 'createdAtMs', 'changedAtMs')

export function createSqlMemberSearchStore(db: Kysely<Tables>): MemberSearchStore {
  /** Every app or account that identities of this kind have, a step in the index each. */
  const scopesOf = async (provider: IdentityProvider): Promise<string[]> => {
    const { rows } = await sql<{ scope: string | null }>`with recursive scopes (scope) as (
      select (select min(scope) from identities where provider = ${provider})
      union all
      select (select min(scope) from identities where provider = ${provider} and scope > scopes.scope)
      from scopes where scopes.scope is not null
    ) select scope from scopes where scope is not null`.execute(db)
    return rows.flatMap(({ scope }) => scope ?? [])
  }

  return {
    find: async ({ id, identity, maskedSubjects, state }, { after, limit }) => {
      const scopes = identity && (await scopesOf(identity.provider))
      if (scopes?.length === 0 || identity?.subjects.length === 0 || maskedSubjects?.length === 0) return []
      return (
        db
          .selectFrom('members')
          .select(memberColumns)
          .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
          .$if(identity !== undefined, (query) =>
            query.where('id', 'in', (eb) =>
              eb
                .selectFrom('identities')
                .select('member_id')
                .where('provider', '=', identity?.provider ?? 'phone')
                .where('scope', 'in', scopes ?? [])
                .where('subject', 'in', [...(identity?.subjects ?? [])]),
            ),
          )
          .$if(maskedSubjects !== undefined, (query) =>
            query.where('id', 'in', (eb) =>
              eb
                .selectFrom('identities')
                .select('member_id')
                .where('masked_subject', 'in', [...(maskedSubjects ?? [])]),
            ),
          )
          // Literals, so that the partial index is known to hold what is asked for.
          .$if(state !== undefined, (query) => query.where(sql<boolean>`state = ${sql.lit(state)}`))
          .$if(state !== undefined && state !== 'active', (query) =>
            query.where(sql<boolean>`state <> 'active'`),
          )
          .$if(after !== undefined, (query) =>
            query.where((eb) =>
              eb(eb.refTuple('created_at_ms', 'id'), '<', eb.tuple(after?.createdAtMs ?? 0, after?.id ?? '')),
            ),
          )
          .orderBy('created_at_ms', 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
          .execute()
      )
    },
    seenAt: async (ids) => {
      if (ids.length === 0) return new Map()
      const rows = await db
        .selectFrom('sessions')
        .select(({ fn }) => ['member_id', fn.max('seen_at_ms').as('seenAtMs')])
        .where('member_id', 'in', [...ids])
        .groupBy('member_id')
        .execute()
      return new Map(rows.map(({ member_id, seenAtMs }) => [member_id, Number(seenAtMs)]))
    },
  }
}
