import { addressGroup } from '../guards/client-address.ts'
import type { Counted, Limits } from '../guards/limits.ts'
import type { Clock } from '../kernel/clock.ts'
import { deadlineIn } from '../kernel/deadline.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import { createMutex } from '../kernel/mutex.ts'
import type { Admin } from '../stores/admin-store.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { KnownDevices } from './known-devices.ts'
import { plainName } from './names.ts'
import type { Passwords } from './passwords.ts'
import type { FactorMatch, SecondFactor } from './second-factor.ts'
import type { AdminSessions, LivingAdminSession, SignInOrigin } from './sessions.ts'

/** What somebody types. */
export interface Credentials {
  username: string
  password: string
  /** Six digits, or a recovery code. */
  totp?: string | undefined
}

/** Where it is typed. */
export interface SignInPlace extends SignInOrigin {
  requestId: string
  /** The cookie of a device on which somebody signed in before. */
  device: string | undefined
}

/** Somebody who has just come in, and what their browser keeps. */
export interface SignedIn extends LivingAdminSession {
  /** Value of the session's cookie. */
  secret: string
  /** Value of the device's cookie. */
  device: string
}

export interface SignIn {
  /**
   * Lets an administrator in by name, password and one-time code. Each wrong one counts for the address and for the name,
   * whether or not there is such a name, and takes as long.
   *
   * @throws {HaomaError} `ADMIN_LOGIN_FAILED`, `ADMIN_TOTP_REQUIRED`, `ADMIN_LOCKED`
   */
  byPassword(credentials: Credentials, place: SignInPlace): Promise<SignedIn>
}

export interface SignInParts {
  db: Database
  sessions: AdminSessions
  secondFactor: SecondFactor
  devices: KnownDevices
  passwords: Passwords
  limits: Limits
  clock: Clock
  newId: NewId
}

/** How long somebody waits behind others who sign in, in milliseconds. */
const PATIENCE_MS = 10_000

export function createSignIn(parts: SignInParts): SignIn {
  const { db, sessions, secondFactor, devices, passwords, limits, clock, newId } = parts
  // One at a time: many guesses at once are counted one by one, and hashes do not eat the memory.
  const turn = createMutex()

  const audit = (actor: Actor, action: string, details?: Record<string, unknown>) =>
    auditEntry(actor, { action, details }, { newId, nowMs: clock.now() })

  /** Takes the code, so that it never works again. False when it was used before. */
  const spend = async (stores: Stores, admin: Admin, match: FactorMatch): Promise<boolean> => {
    if (match.kind === 'totp') return stores.admins.takeTotpStep(admin.id, match.step)
    const left = admin.recoveryDigests.filter((digest) => digest !== match.digest)
    if (left.length === admin.recoveryDigests.length) return false
    await stores.admins.change(admin.id, { recoveryDigests: left })
    return true
  }

  /** @returns `undefined` when the code was used before, or the account has changed since it was looked at. */
  const enter = (proven: Admin, match: FactorMatch | undefined, place: SignInPlace) =>
    db.transaction(async (stores) => {
      const admin = await stores.admins.lock(proven.id)
      if (!admin || !isSameAccount(admin, proven)) return undefined
      if (match && !(await spend(stores, admin, match))) return undefined
      const opened = await sessions.open(stores, admin, place)
      const actor: Actor = { actorKind: 'admin', actorId: admin.id, ip: place.ip, requestId: place.requestId }
      const details = { sessionId: opened.session.id, factor: match?.kind ?? 'none' }
      await stores.audit.add([audit(actor, 'admin.sign-in', details)])
      return { ...opened, admin }
    })

  const attempt = async (credentials: Credentials, place: SignInPlace): Promise<SignedIn> => {
    const name = plainName(credentials.username)
    const admin = await db.admins.findByName(name)
    const device = devices.recognize(place.device, admin?.id)
    const counted: readonly Counted[] = [
      ['admin.rejected.ip', place.ip === null ? undefined : addressGroup(place.ip)],
      device === undefined ? ['admin.rejected.name', name] : ['admin.rejected.device', device],
    ]
    await admit(limits, counted)

    const fail = async (): Promise<never> => {
      await limits.reject(counted)
      const actorId = admin?.id ?? 'unknown'
      const actor: Actor = { actorKind: 'admin', actorId, ip: place.ip, requestId: place.requestId }
      await db.audit.add([audit(actor, 'admin.sign-in-failed')])
      throw new HaomaError('ADMIN_LOGIN_FAILED')
    }

    const isRight = await passwords.isRight(credentials.password, admin?.passwordHash)
    if (!admin || !isRight || admin.disabledAtMs !== null) return fail()
    let match: FactorMatch | undefined
    if (admin.totpSealed !== null) {
      if (!credentials.totp) throw new HaomaError('ADMIN_TOTP_REQUIRED')
      match = secondFactor.match(admin, credentials.totp)
      if (!match) return fail()
    }
    const opened = await enter(admin, match, place)
    if (!opened) return fail()
    return { ...opened, device: devices.issue(admin.id) }
  }

  return {
    byPassword: async (credentials, place) => {
      const release = await turn.acquire(deadlineIn(PATIENCE_MS))
      if (!release) throw new HaomaError('RATE_LIMITED', { retryAfterS: PATIENCE_MS / 1000 })
      try {
        return await attempt(credentials, place)
      } finally {
        release()
      }
    },
  }
}

/** A sign-in that began before a reset, a change of password or the end of the account lets nobody in after it. */
function isSameAccount(now: Admin, then: Admin): boolean {
  return (
    now.disabledAtMs === null && now.passwordHash === then.passwordHash && now.totpSealed === then.totpSealed
  )
}

/** Who has failed too often waits; whether the name exists makes no difference. */
async function admit(limits: Limits, counted: readonly Counted[]): Promise<void> {
  try {
    await limits.admit(counted)
  } catch (error) {
    if (!(error instanceof HaomaError)) throw error
    throw new HaomaError('ADMIN_LOCKED', { retryAfterS: error.retryAfterS })
  }
}
