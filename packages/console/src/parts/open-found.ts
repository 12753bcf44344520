import type { Router } from 'vue-router'
import { minuteOf } from '../format/days.ts'
import type { Found } from './findings.ts'
import { saveFilter } from './saved-filter.ts'

const memberFields = { memberByPhone: 'e164', memberByMasked: 'masked', memberByOpenid: 'openid' } as const
/** What may not stand in an address. */
const sensitive = new Set(['openid', 'codeHash', 'masked', 'e164'])
/** Words of the address for the fields that may. */
const plain = { supportCode: 'code', rid: 'rid', outcome: 'outcome', appid: 'app' } as const

/** Goes where a found text leads. */
export async function openFound(router: Router, { kind, value }: Found): Promise<void> {
  if (kind === 'memberId') return void (await router.push(`/members/${value}`))
  if (kind === 'requestId') return void (await router.push(`/logins/${value}`))
  if (kind in memberFields) {
    const filter = { [memberFields[kind as keyof typeof memberFields]]: value }
    return void (await router.push({
      path: '/members',
      query: { filter: await saveFilter('members', filter) },
    }))
  }
  if (sensitive.has(kind)) {
    return void (await router.push({
      path: '/logins',
      query: { filter: await saveFilter('logins', { [kind]: value }) },
    }))
  }
  if (kind === 'minute' || kind === 'minuteFailed') {
    const atMs = Date.parse(`${value}:00+08:00`)
    const range = { from: minuteOf(atMs - 60_000), to: minuteOf(atMs + 60_000) }
    const query = kind === 'minute' ? range : { ...range, outcome: 'failed' }
    return void (await router.push({ path: '/logins', query }))
  }
  await router.push({ path: '/logins', query: { [plain[kind as keyof typeof plain]]: value } })
}
