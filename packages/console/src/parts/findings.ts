import { type Recognised, recognise } from './recognise.ts'

/** Where a pasted text may lead: to logins, or to members. */
export interface Found {
  kind: Recognised['kind'] | 'minuteFailed' | 'memberByPhone' | 'memberByMasked' | 'memberByOpenid'
  value: string
}

/** What is somebody's, a number or an openid, leads to the logins and to the member too. */
const alsoMember = { e164: 'memberByPhone', masked: 'memberByMasked', openid: 'memberByOpenid' } as const

export function findings(text: string): Found[] {
  return recognise(text).flatMap((one): Found[] => {
    // Who has a time in hand mostly looks for what failed then.
    if (one.kind === 'minute') return [{ kind: 'minuteFailed', value: one.value }, one]
    return one.kind in alsoMember
      ? [one, { kind: alsoMember[one.kind as keyof typeof alsoMember], value: one.value }]
      : [one]
  })
}
