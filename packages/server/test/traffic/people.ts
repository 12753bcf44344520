import { createBlindIndex } from '../../src/crypto/blind-index.ts'
import type { KeyRing } from '../../src/crypto/key-ring.ts'
import { createSealer } from '../../src/crypto/sealer.ts'
import type { Random } from './random.ts'
import type { Sink } from './sink.ts'

/** Somebody who uses one of the apps. */
export interface Person {
  memberId: string
  openid: string
  deviceId: string
  platform: string
  phoneSubject: string
  maskedSubject: string
  hasNumber: boolean
}

export interface People {
  /** Somebody of this app who comes at a moment: new, or known. */
  come(appid: string, atMs: number): { person: Person; isNew: boolean }
  /** Their number is bound. */
  bind(person: Person, of: { appid: string; atMs: number; component: string }): void
  readonly members: number
}

const PREFIXES = ['135', '136', '138', '139', '150', '158', '186', '188', '177', '199']
const PLATFORMS = [
  ['ios', 42],
  ['android', 50],
  ['harmony', 5],
  ['devtools', 1],
  ['windows', 2],
] as const
const GUIDELINE = '2026-01'

export function createPeople(parts: { random: Random; keyRing: KeyRing; sink: Sink; most: number }): People {
  const { random, keyRing, sink, most } = parts
  const index = createBlindIndex(keyRing, 'phone-index')
  const maskedIndex = createBlindIndex(keyRing, 'masked-phone-index')
  const sealer = createSealer(keyRing, 'phone-encryption')
  const keyId = keyRing.current('phone-index').id
  const known = new Map<string, Person[]>()
  /** A number belongs to one member. */
  const sealed = new WeakMap<Person, string>()
  const tails = new Set<number>()
  let members = 0

  const newNumber = (): string => {
    for (;;) {
      const tail = random.below(1_000_000_000)
      if (tails.has(tail)) continue
      tails.add(tail)
      const prefix = PREFIXES[Math.floor(tail / 100_000_000)]
      return `${prefix}${String(tail % 100_000_000).padStart(8, '0')}`
    }
  }

  const create = (appid: string, atMs: number): Person => {
    const memberId = random.id(atMs)
    const national = newNumber()
    const subject = index.under(keyId, `+86${national}`)
    const person: Person = {
      memberId,
      openid: `o${random.hex(27)}`,
      deviceId: random.hex(16),
      platform: random.weighted(PLATFORMS),
      phoneSubject: subject,
      maskedSubject: maskedIndex.under(keyId, `${national.slice(0, 3)}****${national.slice(-4)}`),
      hasNumber: false,
    }
    sealed.set(person, sealer.seal(`+86${national}`, subject, keyId))
    members += 1
    sink.add('members', {
      id: memberId,
      state: 'active',
      merged_into: null,
      event_seq: 1,
      created_at_ms: atMs,
      changed_at_ms: atMs,
    })
    sink.add('identities', {
      provider: 'wechat-openid',
      scope: appid,
      subject: person.openid,
      member_id: memberId,
      created_at_ms: atMs,
      verified_at_ms: atMs,
    })
    return person
  }

  return {
    get members() {
      return members
    },
    come: (appid, atMs) => {
      const here = known.get(appid) ?? []
      known.set(appid, here)
      const isNew = here.length === 0 || (members < most && random.chance(0.3))
      if (!isNew) {
        // Most who come were here lately.
        const back = Math.floor(random.next() ** 2.5 * here.length)
        return { person: here[here.length - 1 - back] as Person, isNew }
      }
      const person = create(appid, atMs)
      here.push(person)
      return { person, isNew }
    },
    bind: (person, { appid, atMs, component }) => {
      if (person.hasNumber) return
      person.hasNumber = true
      const { memberId, phoneSubject, maskedSubject, openid } = person
      const number = {
        sealed: sealed.get(person) ?? null,
        masked_subject: maskedSubject,
        verified_by: component,
      }
      sink.add('identities', {
        provider: 'phone',
        scope: '*',
        subject: phoneSubject,
        member_id: memberId,
        country: 'CN',
        ...number,
        created_at_ms: atMs,
        verified_at_ms: atMs,
      })
      sink.add('phone_bindings', {
        id: random.id(atMs),
        member_id: memberId,
        subject: phoneSubject,
        ...number,
        appid,
        openid,
        guideline: GUIDELINE,
        bound_at_ms: atMs,
        verified_at_ms: atMs,
      })
    },
  }
}
