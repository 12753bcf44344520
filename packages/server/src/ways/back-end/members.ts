import type { MemberRecord } from '@haoma/protocol'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import { parseNumber } from '../../numbers/e164.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { Database } from '../../stores/database.ts'
import type { MemberWithIdentities } from '../../stores/member-feed-store.ts'
import type { Identity } from '../../stores/member-store.ts'
import type { KnownClient } from '../../tokens/client-directory.ts'
import { placeEvents } from '../../webhooks/fan-out.ts'

/** Who reads members, and why. */
export interface Reader {
  client: Pick<KnownClient, 'id' | 'has'>
  /** Why full numbers are read; needed by clients that may read them. */
  reason: string | undefined
  ip: string | undefined
  requestId: string | undefined
}

/** How a member is looked for: by exactly one of these. */
export interface MemberQuery {
  appid?: string | undefined
  openid?: string | undefined
  unionid?: string | undefined
  e164?: string | undefined
}

/**
 * Members as back ends read them. A client with `phone:read` gets full numbers, gives a reason, and each member whose
 * number it saw is written into the audit before it is shown; to others numbers are masked.
 */
export interface BackEndMembers {
  /** @throws {HaomaError} `MEMBER_NOT_FOUND`, `REASON_REQUIRED` */
  get(id: string, reader: Reader): Promise<MemberRecord>
  find(query: MemberQuery, reader: Reader): Promise<MemberRecord>
  /** Those of the ids that are known, in the order of the ids. */
  list(ids: readonly string[], reader: Reader): Promise<MemberRecord[]>
  /**
   * The members that changed after a cursor, each once. No change is ever missed, in whatever order transactions end.
   *
   * @throws {HaomaError} `CURSOR_INVALID`
   */
  changes(page: { cursor: string | undefined; limit: number }, reader: Reader): Promise<MemberPage>
}

export interface MemberPage {
  members: MemberRecord[]
  nextCursor: string
  hasMore: boolean
}

export interface BackEndMembersParts {
  db: Database
  vault: PhoneVault
  clock: Clock
  newId: NewId
}

export function createBackEndMembers({ db, vault, clock, newId }: BackEndMembersParts): BackEndMembers {
  const seesNumbers = ({ client, reason }: Reader): boolean => {
    if (!client.has('phone:read')) return false
    if (reason === undefined) throw new HaomaError('REASON_REQUIRED')
    return true
  }

  const list = async (ids: readonly string[], reader: Reader): Promise<MemberRecord[]> => {
    const isFull = seesNumbers(reader)
    const found = new Map((await db.memberFeed.list(ids)).map((one) => [one.member.id, one]))
    const known = ids.flatMap((id) => found.get(id) ?? [])
    const records = known.map((one) => toRecord(one, isFull, vault))
    if (isFull) await audit(records, reader)
    return records
  }

  const audit = async (records: readonly MemberRecord[], { client, reason, ip, requestId }: Reader) => {
    const atMs = clock.now()
    const shown = records.filter(({ phone }) => phone?.e164 != null)
    await db.audit.add(
      shown.map(({ id }) => ({
        id: newId(atMs),
        atMs,
        actorKind: 'client',
        actorId: client.id,
        action: 'number.read',
        targetKind: 'member',
        targetId: id,
        reason: reason ?? null,
        details: null,
        ip: ip ?? null,
        requestId: requestId ?? null,
      })),
    )
  }

  const get = async (id: string, reader: Reader): Promise<MemberRecord> => {
    const [record] = await list([id], reader)
    if (record === undefined) throw new HaomaError('MEMBER_NOT_FOUND')
    return record
  }

  const findIdentity = async ({
    appid,
    openid,
    unionid,
    e164,
  }: MemberQuery): Promise<Identity | undefined> => {
    if (openid !== undefined) {
      const scope = appid ?? ''
      return db.members.findIdentity({ provider: 'wechat-openid', scope, subject: openid })
    }
    if (unionid !== undefined) {
      return db.members.findIdentity({ provider: 'wechat-unionid', scope: '*', subject: unionid })
    }
    const subjects = vault.subjectsOf(e164 ?? '')
    const names = subjects.map((subject) => ({ provider: 'phone', scope: '*', subject }) as const)
    const known = await db.members.recall(names)
    return known.find(({ provider, subject }) => provider === 'phone' && subjects.includes(subject))
  }

  return {
    get,
    list,
    find: async (query, reader) => {
      const identity = await findIdentity(query)
      if (identity === undefined) throw new HaomaError('MEMBER_NOT_FOUND')
      return get(identity.memberId, reader)
    },
    changes: async ({ cursor, limit }, reader) => {
      const position = readCursor(cursor)
      seesNumbers(reader)
      await placeEvents(db)
      const changed = await db.memberFeed.changedAfter(position, limit + 1)
      const page = changed.slice(0, limit)
      const ids = page.map(({ id }) => id)
      return {
        members: await list(ids, reader),
        nextCursor: writeCursor(page.at(-1)?.position ?? position),
        hasMore: changed.length > limit,
      }
    },
  }
}

const CURSOR = /^c1\.(0|[1-9]\d{0,14})$/

function writeCursor(position: number): string {
  return Buffer.from(`c1.${position}`).toString('base64url')
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') return 0
  const position = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (position === undefined) throw new HaomaError('CURSOR_INVALID')
  return Number(position)
}

function toRecord(
  { member, identities }: MemberWithIdentities,
  isFull: boolean,
  vault: PhoneVault,
): MemberRecord {
  const phone = identities.find(({ provider }) => provider === 'phone')
  return {
    id: member.id,
    state: member.state,
    mergedInto: member.mergedInto,
    createdAt: new Date(member.createdAtMs).toISOString(),
    changedAt: new Date(member.changedAtMs).toISOString(),
    identities: identities.flatMap(({ provider, scope, subject }) =>
      provider === 'phone' ? [] : [{ provider, scope, subject }],
    ),
    phone: phone === undefined ? null : phoneOf(phone, isFull, vault),
  }
}

function phoneOf(phone: Identity, isFull: boolean, vault: PhoneVault): NonNullable<MemberRecord['phone']> {
  const e164 = isFull ? vault.read(phone) : null
  const { nationalNumber, countryCallingCode } = e164 === null ? nothing : parseNumber(e164)
  return {
    e164,
    nationalNumber,
    countryCallingCode,
    masked: vault.readMasked(phone),
    verifiedAt: new Date(phone.verifiedAtMs).toISOString(),
    verifiedBy: phone.verifiedBy,
  }
}

const nothing = { nationalNumber: null, countryCallingCode: null }
