import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { MergeOffer } from '@haoma/protocol'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { PhoneVault, ProtectedPhone } from '../numbers/vault.ts'
import type { Stores } from '../stores/database.ts'
import type { Proof } from '../stores/member-store.ts'
import type { MergeTicket } from '../stores/merge-store.ts'
import type { Session } from '../stores/session-store.ts'
import { isPhone, type Merging } from './merging.ts'

const TICKET_LIFE_S = 600

/** The session that may use a ticket. */
export type TicketHolder = Pick<Session, 'id' | 'memberId' | 'deviceId' | 'appid' | 'openid'>

export interface TicketRequest {
  session: TicketHolder
  otherMemberId: string
  number: ProtectedPhone
  verifiedBy: Proof
  verifiedAtMs: number
  /** Name of the code that brought the number; the same code gives the same ticket. Default is none. */
  codeKey?: string | undefined
}

/**
 * The way out of a conflict: two members who both have a number. The number that was paid for is kept for ten minutes.
 * A ticket works once, for the session and the device it was given to, and only when the other member is proven by
 * something newer than the ticket: the number checked again by the realtime component or by SMS, or a living session of
 * the other member.
 */
export interface MergeTickets {
  /** Keeps the number. One that is checked right now proves the open ticket of the same session for the same number. */
  offer(stores: Stores, request: TicketRequest): Promise<MergeOffer>
  /** The offer that this code led to, as long as it is good. */
  offerAgain(stores: Stores, codeKey: string): Promise<MergeOffer | undefined>
  /** A code by SMS was entered for this number in this session. */
  prove(
    stores: Stores,
    of: { sessionId: string; e164: string; verifiedBy: 'realtime' | 'sms' },
  ): Promise<void>
  /**
   * Makes the holder's member part of the one who has the number, inside the caller's transaction.
   *
   * @param other - Member of the other living session, when one was shown.
   * @returns The member that is left.
   * @throws {HaomaError} `MERGE_TICKET_INVALID`, `MERGE_PROOF_REQUIRED`.
   */
  redeem(
    stores: Stores,
    use: { ticket: string; session: TicketHolder; otherMemberId?: string | undefined },
  ): Promise<string>
}

export interface MergeTicketsParts {
  keyRing: KeyRing
  vault: PhoneVault
  merging: Merging
  clock: Clock
}

export function createMergeTickets({ keyRing, vault, merging, clock }: MergeTicketsParts): MergeTickets {
  /** Computed from the code, so that a repeated code gives the same ticket and nothing that opens it is stored. */
  const textsOf = (codeKey: string) =>
    keyRing.all('merge-ticket').map(({ id, key }) => {
      return `hmt.${id}.${createHmac('sha256', key).update(codeKey).digest('base64url')}`
    })
  const isGood = (ticket: MergeTicket | undefined, nowMs: number): ticket is MergeTicket =>
    ticket !== undefined && ticket.usedAtMs === null && nowMs < ticket.expiresAtMs
  const offerOf = (ticket: string, { expiresAtMs, subject, sealed }: MergeTicket): MergeOffer => ({
    ticket,
    expiresInS: Math.max(0, Math.floor((expiresAtMs - clock.now()) / 1000)),
    masked: vault.readMasked({ subject, sealed }),
  })
  const subjectsOf = (phone: { subject: string; sealed: string }) => {
    const e164 = vault.read(phone)
    return e164 === null ? [phone.subject] : vault.subjectsOf(e164)
  }
  const prove = async (stores: Stores, open: MergeTicket, verifiedBy: Proof): Promise<MergeTicket> => {
    // Strictly after the ticket, whose own code was at most as late as it.
    const proof = { verifiedBy, verifiedAtMs: Math.max(clock.now(), open.createdAtMs + 1) }
    await stores.merges.proveTicket(open.digest, proof)
    return { ...open, ...proof }
  }

  return {
    offer: async (stores, { session, otherMemberId, number, verifiedBy, verifiedAtMs, codeKey }) => {
      const nowMs = clock.now()
      const name = codeKey ?? randomBytes(32).toString('hex')
      const [text = ''] = textsOf(name)
      const open = await stores.merges.findOpenTicket({
        sessionId: session.id,
        subjects: subjectsOf(number),
        nowMs,
      })
      const fresh: MergeTicket = {
        digest: digestOf(text),
        memberId: session.memberId,
        otherMemberId,
        sessionId: session.id,
        deviceId: session.deviceId,
        appid: session.appid,
        openid: session.openid,
        codeKey: codeKey ?? null,
        subject: number.subject,
        sealed: number.sealed,
        verifiedBy,
        verifiedAtMs: Math.min(verifiedAtMs, nowMs),
        createdAtMs: nowMs,
        expiresAtMs: nowMs + TICKET_LIFE_S * 1000,
        usedAtMs: null,
      }
      const isProof = isFresh(verifiedBy) && open !== undefined && isAfter(verifiedAtMs, open.createdAtMs)
      // The code that proves the ticket before it gets a ticket that is as old as that one, and as proven.
      const proven = isProof && open.codeKey !== codeKey ? await prove(stores, open, verifiedBy) : undefined
      const ticket = proven
        ? {
            ...proven,
            digest: fresh.digest,
            codeKey: fresh.codeKey,
            subject: fresh.subject,
            sealed: fresh.sealed,
          }
        : fresh
      await stores.merges.addTicket(ticket)
      return offerOf(text, ticket)
    },

    offerAgain: async (stores, codeKey) => {
      for (const text of textsOf(codeKey)) {
        const ticket = await stores.merges.findTicket(digestOf(text))
        if (isGood(ticket, clock.now())) return offerOf(text, ticket)
      }
      return undefined
    },

    prove: async (stores, { sessionId, e164, verifiedBy }) => {
      const subjects = vault.subjectsOf(e164)
      const open = await stores.merges.findOpenTicket({ sessionId, subjects, nowMs: clock.now() })
      if (open) await prove(stores, open, verifiedBy)
    },

    redeem: async (stores, { ticket: text, session, otherMemberId }) => {
      const nowMs = clock.now()
      const ticket = await stores.merges.findTicket(digestOf(text))
      if (!isGood(ticket, nowMs) || !isHeldBy(ticket, session)) throw new HaomaError('MERGE_TICKET_INVALID')
      const isProven = isFresh(ticket.verifiedBy) && ticket.verifiedAtMs > ticket.createdAtMs
      if (otherMemberId !== ticket.otherMemberId && !isProven) throw new HaomaError('MERGE_PROOF_REQUIRED')

      const { memberId: from, otherMemberId: into } = ticket
      const members = await stores.members.lock([from, into])
      const phone = (await stores.members.identitiesOf(into)).find(isPhone)
      const stillHas = phone !== undefined && subjectsOf(ticket).includes(phone.subject)
      const areActive = members.length === 2 && members.every(({ state }) => state === 'active')
      if (!stillHas || !areActive) throw new HaomaError('MERGE_TICKET_INVALID')
      if (!(await stores.merges.useTicket(ticket.digest, nowMs))) throw new HaomaError('MERGE_TICKET_INVALID')
      await merging.join(stores, { from, into, reason: 'ticket', actor: 'member', appid: ticket.appid })
      await stores.members.touchIdentity(phone, ticket)
      return into
    },
  }
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')
const isFresh = (proof: Proof) => proof === 'realtime' || proof === 'sms'

/** WeChat tells whole seconds. */
const isAfter = (atMs: number, thanMs: number) => atMs >= Math.floor(thanMs / 1000) * 1000

/** Of the same member on the same device; where no device is known, in the same session. */
function isHeldBy(ticket: MergeTicket, session: TicketHolder): boolean {
  if (ticket.memberId !== session.memberId || ticket.deviceId !== session.deviceId) return false
  return ticket.deviceId !== null || ticket.sessionId === session.id
}
