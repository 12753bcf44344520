import { createBlindIndex } from '../crypto/blind-index.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { NumberReader, NumberReading } from '../numbers/reader.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { AuditEntry } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { Identity } from '../stores/member-store.ts'
import { recordEvents, sessionEnded } from './events.ts'
import { createMemberExport, type MemberExport } from './export.ts'
import { isPhone } from './merging.ts'
import { formerIdsOf, subjectsOf } from './traces.ts'

export interface PrivacyActor {
  kind: AuditEntry['actorKind']
  id: string
  reason?: string
  ip?: string | null
  requestId?: string | null
}

export interface Privacy {
  /**
   * What is stored about a member, with the full numbers; the reading is audited.
   *
   * @throws {HaomaError} `MEMBER_NOT_FOUND`, `REASON_REQUIRED`.
   */
  exportMember(reading: NumberReading): Promise<MemberExport>
  /**
   * Erases a member, and those who became part of it, for good: sessions end; identities, numbers and consents are removed;
   * ledger and journal keep their sums without the person. What is left is the id, the fact, and keyed digests that let
   * a restored backup be erased again. The same WeChat user is somebody new afterwards.
   *
   * @throws {HaomaError} `MEMBER_NOT_FOUND`.
   */
  eraseMember(memberId: string, actor: PrivacyActor): Promise<void>
}

export interface PrivacyParts {
  db: Database
  keyRing: KeyRing
  vault: PhoneVault
  numbers: NumberReader
  clock: Clock
  newId: NewId
}

export function createPrivacy({ db, keyRing, vault, numbers, clock, newId }: PrivacyParts): Privacy {
  const digest = createBlindIndex(keyRing, 'erased-identity')

  const eraseOne = async (stores: Stores, memberId: string, nowMs: number) => {
    const identities = await stores.members.identitiesOf(memberId)
    const history = await stores.phoneBindings.listOf(memberId)
    const ended = await stores.sessions.endAll(memberId, { reason: 'erased', nowMs })
    for (const identity of identities) await stores.members.removeIdentity(identity, memberId)
    await stores.phoneBindings.removeOf(memberId)
    await stores.merges.removeTicketsOf(memberId)
    await stores.sessions.scrub(memberId)
    await stores.erasures.scrub(memberId, {
      openids: identities
        .filter(({ provider }) => provider === 'wechat-openid')
        .map(({ subject }) => subject),
      subjects: subjectsOf(vault, [...identities.filter(isPhone), ...history]),
    })
    await stores.members.setState(memberId, { state: 'erased', nowMs })
    await stores.erasures.add({
      id: newId(nowMs),
      memberId,
      subjects: JSON.stringify(identities.map((identity) => digest.all(...wordsOf(identity))[0])),
      erasedAtMs: nowMs,
    })
    const events = [
      ...ended.map((session) => sessionEnded(session, 'erased')),
      { type: 'member.erased' as const, memberId, appid: null },
    ]
    await recordEvents(stores, events, { newId, nowMs })
  }

  const wordsOf = (identity: Identity) => {
    const e164 = isPhone(identity) ? vault.read(identity) : null
    return [identity.provider, identity.scope, e164 ?? identity.subject]
  }

  return {
    exportMember: createMemberExport({ db, vault, numbers, clock }),

    eraseMember: (memberId, actor) =>
      db.transaction(async (stores) => {
        const ids = [memberId, ...(await formerIdsOf(stores, memberId))]
        const members = await stores.members.lock(ids)
        const member = members.find(({ id }) => id === memberId)
        if (!member || member.state === 'erased' || member.state === 'merged') {
          throw new HaomaError('MEMBER_NOT_FOUND')
        }
        const nowMs = clock.now()
        for (const id of ids) await eraseOne(stores, id, nowMs)
        const entry: AuditEntry = {
          id: newId(nowMs),
          atMs: nowMs,
          actorKind: actor.kind,
          actorId: actor.id,
          action: 'member.erase',
          targetKind: 'member',
          targetId: memberId,
          reason: actor.reason ?? null,
          details: null,
          ip: actor.ip ?? null,
          requestId: actor.requestId ?? null,
        }
        await stores.audit.add([entry])
      }),
  }
}
