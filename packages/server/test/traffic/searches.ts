import { createHash } from 'node:crypto'
import type { LoginSearchRequest } from '@haoma/protocol/admin'
import type { PhoneVault } from '../../src/numbers/vault.ts'
import type { LoginStore, LoginSummary } from '../../src/stores/login-store.ts'
import { codeOf } from './fill.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

export interface SearchesOptions {
  logins: LoginStore
  vault: PhoneVault
  seed: number
  /** Consents that were generated. */
  entries: number
  days: number
  untilMs: number
  /** Searches of each kind that has a value of its own in each entry. */
  count: number
}

/**
 * What people look for in generated traffic, by the name of what they know: keys of logins from all over the time, and
 * of none at all, which an index answers as fast.
 */
export async function searchesOf(options: SearchesOptions): Promise<Map<string, LoginSearchRequest[]>> {
  const { logins, vault, seed, entries, days, untilMs, count } = options
  const sample = async (filter: { isFailed?: boolean; way?: LoginSummary['way'] }) => {
    const places = Array.from({ length: count }, (_, i) => untilMs - ((i + 0.5) / count) * days * DAY_MS)
    const found = await Promise.all(
      places.map((place) => logins.search({ ...filter, untilMs: place, limit: 1 })),
    )
    return found.flat()
  }
  const all = await sample({})
  const failed = await sample({ isFailed: true })
  const exchanged = await sample({ way: 'exchange' })
  const numbers = await logins.phonesOf(
    (await sample({ way: 'login' })).flatMap(({ memberId }) => memberId ?? []),
  )
  const hashes = Array.from({ length: count }, (_, i) =>
    createHash('sha256')
      .update(codeOf(seed, Math.floor(((i + 0.5) / count) * entries)))
      .digest('hex'),
  )
  const minuteOf = ({ atMs, appid }: LoginSummary) => ({
    ...(appid !== null && { appid }),
    from: new Date(atMs - MINUTE_MS).toISOString(),
    to: new Date(atMs + MINUTE_MS).toISOString(),
  })
  const some = (of: readonly (LoginSearchRequest | undefined)[]) => of.filter((one) => one !== undefined)
  return new Map<string, LoginSearchRequest[]>([
    ['support code', failed.map(({ supportCode }) => ({ supportCode }))],
    ['request id', all.map(({ id }) => ({ requestId: id }))],
    ['rid', some(failed.map(({ rid }) => (rid === null ? undefined : { rid })))],
    ['openid', some(all.map(({ openid }) => (openid === null ? undefined : { openid })))],
    ['member', some(all.map(({ memberId }) => (memberId === null ? undefined : { memberId })))],
    ['code hash', hashes.map((codeHash) => ({ codeHash }))],
    ['masked number', some(numbers.map((one) => ({ masked: vault.readMasked(one) ?? '' })))],
    ['number', some(numbers.map((one) => ({ e164: vault.read(one) ?? '' })))],
    ['app and minute', all.map(minuteOf)],
    ['app and minute, failed', failed.map((one) => ({ ...minuteOf(one), outcome: 'failed' }))],
    ['outcome', [...new Set(failed.map(({ outcome }) => outcome))].map((outcome) => ({ outcome }))],
    ['outcome and app', failed.map(({ outcome, appid }) => ({ outcome, ...(appid !== null && { appid }) }))],
    ['all, from anywhere', all.map(({ atMs, id }) => ({ cursor: `${atMs}.${id}` }))],
    [
      'way',
      (['login', 'phone', 'exchange', 'openid', 'sms-send', 'sms-login'] as const).map((way) => ({ way })),
    ],
    ['client', some(exchanged.map(({ clientId }) => (clientId === null ? undefined : { clientId })))],
    [
      'nothing there',
      [
        { supportCode: '00000000' },
        { requestId: 'none' },
        { rid: 'none' },
        { openid: 'none' },
        { memberId: 'none' },
        { codeHash: '0'.repeat(64) },
        { masked: '100****0000' },
        { e164: '+8610000000000' },
        { appid: 'wxnone' },
        { outcome: 'NONE' },
        { clientId: 'none' },
      ],
    ],
  ])
}
