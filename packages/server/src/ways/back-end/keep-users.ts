import type { MemberRecord } from '@haoma/protocol'
import type { Job, JobContext } from '../../jobs/job.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Database } from '../../stores/database.ts'
import type { NewEvent } from '../../stores/event-store.ts'
import { placeEvents } from '../../webhooks/fan-out.ts'
import type { BackEndMembers, Reader } from './members.ts'
import type { UserFacts, UserStore } from './user-store.ts'

/** Keeps a user table of the embedding program in step with the members. */
export interface KeepUsers {
  /**
   * Brings the users up to date of the members whom these events are about. Never throws, and waits for two seconds at
   * most: what did not work, or takes longer, is for the job.
   */
  hear(events: readonly NewEvent[]): Promise<void>
  /** Brings everybody up to date who changed since its last run; the first run brings everybody there is. */
  job: Job
}

export interface KeepUsersParts {
  db: Database
  store: UserStore
  members: BackEndMembers
  logger: Logger
  sleep(ms: number): Promise<unknown>
  /** Told of work that goes on after {@link KeepUsers.hear} returned. */
  hold(work: Promise<unknown>): void
}

const WAIT_MS = 2000
const EVERY_MS = 10_000
const PAGE = 200
/** So many members may wait for another try; then the job goes no further until some of them worked. */
const MOST_FAILED = 1000

const reader: Reader = {
  client: { id: 'embedding', has: () => true },
  reason: 'member store',
  ip: undefined,
  requestId: undefined,
}

interface Progress {
  /** Up to where in the order of changes everybody was tried. */
  position: number
  /** Members whose last try failed. */
  failed: string[]
}

export function createKeepUsers({ db, store, members, logger, sleep, hold }: KeepUsersParts): KeepUsers {
  const write = async (memberId: string): Promise<void> => {
    const member = await db.members.find(memberId)
    if (member?.state === 'erased') return store.erase(memberId)
    if (member?.mergedInto == null) return store.save(await factsOf(memberId))
    await update(member.mergedInto)
    await store.merge({ from: memberId, into: await lastOf(member.mergedInto) })
  }

  const lastOf = async (memberId: string): Promise<string> => {
    const mergedInto = (await db.members.find(memberId))?.mergedInto
    return mergedInto == null ? memberId : lastOf(mergedInto)
  }

  // The version is read before the facts: then these are as new as it says, or newer.
  const factsOf = async (memberId: string): Promise<UserFacts> => {
    const version = (await db.memberFeed.versionOf(memberId)) ?? 0
    return toFacts(await members.get(memberId, reader), version)
  }

  /** Whoever wrote looks whether it was still true, so that the last one to write has written the truth. */
  const update = async (memberId: string): Promise<void> => {
    let version: number | undefined
    do {
      version = await db.memberFeed.versionOf(memberId)
      await write(memberId)
    } while (version !== (await db.memberFeed.versionOf(memberId)))
  }

  const attempt = async (memberId: string): Promise<boolean> => {
    try {
      await update(memberId)
      return true
    } catch (err) {
      logger.error({ err, memberId }, 'the member store failed; it is tried again in a while')
      return false
    }
  }

  const runJob = async ({ signal, progress, saveProgress }: JobContext) => {
    let { position, failed }: Progress =
      progress === null ? { position: 0, failed: [] } : JSON.parse(progress)
    const tryAll = async (memberIds: readonly string[]) => {
      const again: string[] = []
      for (const id of memberIds) if (signal.aborted || !(await attempt(id))) again.push(id)
      return again
    }
    const save = () => saveProgress(JSON.stringify({ position, failed } satisfies Progress))
    await placeEvents(db)
    failed = await tryAll(failed)
    while (!signal.aborted && failed.length < MOST_FAILED) {
      const changed = await db.memberFeed.changedAfter(position, PAGE)
      const ids = changed.map(({ id }) => id)
      failed = [...new Set([...failed, ...(await tryAll(ids))])]
      position = changed.at(-1)?.position ?? position
      await save()
      if (changed.length < PAGE) break
    }
    if (failed.length === 0) return undefined
    await save()
    throw new Error(`the member store failed for ${failed.length} members`)
  }

  return {
    hear: async (events) => {
      const ofMembers = events.filter(({ type }) => type !== 'session.ended')
      const ids = [...new Set(ofMembers.map(({ memberId }) => memberId))].filter((id) => id !== null)
      if (ids.length === 0) return
      const all = Promise.all(ids.map(attempt))
      hold(all)
      await Promise.race([all, sleep(WAIT_MS)])
    },
    job: { name: 'member-store', everyMs: EVERY_MS, run: runJob },
  }
}

function toFacts({ id, state, identities, phone }: MemberRecord, version: number): UserFacts {
  const of = (provider: string) => identities.filter((identity) => identity.provider === provider)
  return {
    memberId: id,
    version,
    isBanned: state === 'banned',
    openids: of('wechat-openid').map(({ scope, subject }) => ({ appid: scope, openid: subject })),
    unionids: of('wechat-unionid').map(({ subject }) => subject),
    phone: phone && toPhone(phone),
  }
}

function toPhone({
  e164,
  nationalNumber,
  countryCallingCode,
  verifiedAt,
}: NonNullable<MemberRecord['phone']>) {
  // Told to nobody as "has none": the key may come back.
  if (e164 === null || nationalNumber === null || countryCallingCode === null) {
    throw new Error('a number that cannot be opened')
  }
  return { e164, nationalNumber, countryCallingCode, verifiedAt: new Date(verifiedAt) }
}
