import { addressGroup } from '../guards/client-address.ts'
import type { Limits } from '../guards/limits.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Admin } from '../stores/admin-store.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { Passwords } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'

/** Somebody at their own account. */
export interface Self {
  adminId: string
  sessionId: string
  actor: Actor
}

/** What an administrator does with their own account. Where a password is asked for, a wrong one counts as a guess. */
export interface OwnAccount {
  /** Ends every other session too. @throws {HaomaError} `ADMIN_LOGIN_FAILED`, `RATE_LIMITED` */
  changePassword(self: Self, change: { password: string; newPassword: string }): Promise<void>
  /** A secret for an authenticator, which counts once it is confirmed. @throws {HaomaError} `NOT_POSSIBLE_NOW` */
  beginTotp(self: Self): Promise<{ uri: string; secret: string }>
  /** Asks for codes from now on. Gives recovery codes. @throws {HaomaError} `ADMIN_LOGIN_FAILED`, `NOT_POSSIBLE_NOW` */
  confirmTotp(self: Self, code: string): Promise<string[]>
  removeTotp(self: Self, password: string): Promise<void>
  /** New recovery codes in place of those there are. @throws {HaomaError} `NOT_POSSIBLE_NOW` without one-time codes. */
  renewRecoveryCodes(self: Self, password: string): Promise<string[]>
  /** False when there is no such living session of theirs. */
  endSession(self: Self, sessionId: string): Promise<boolean>
  endOtherSessions(self: Self): Promise<void>
}

export interface OwnAccountParts {
  db: Database
  secondFactor: SecondFactor
  passwords: Passwords
  limits: Limits
  clock: Clock
  newId: NewId
}

const texts = {
  totpIsOn: {
    zh: '动态验证码已开启；要换新的，请先关闭它。',
    en: 'One-time codes are on already. Switch them off first to begin anew.',
  },
  totpNotBegun: {
    zh: '请先取得验证器的密钥，再确认。',
    en: 'Ask for the secret of an authenticator first, then confirm it.',
  },
  totpIsOff: {
    zh: '动态验证码没有开启。',
    en: 'One-time codes are off.',
  },
}

export function createOwnAccount({
  db,
  secondFactor,
  passwords,
  limits,
  clock,
  newId,
}: OwnAccountParts): OwnAccount {
  /** Changes the account under its lock, and writes down that it was. */
  const change = <T>(
    { adminId, actor }: Self,
    action: string,
    work: (stores: Stores, admin: Admin, nowMs: number) => Promise<T>,
  ): Promise<T> =>
    db.transaction(async (stores) => {
      const admin = await stores.admins.lock(adminId)
      if (!admin) throw new HaomaError('ADMIN_REQUIRED')
      const nowMs = clock.now()
      const result = await work(stores, admin, nowMs)
      const target = { kind: 'admin', id: adminId }
      await stores.audit.add([auditEntry(actor, { action, target }, { newId, nowMs })])
      return result
    })

  const provePassword = async ({ adminId, actor: { ip } }: Self, password: string): Promise<Admin> => {
    const counted = [
      ['admin.rejected.ip', ip === null ? undefined : addressGroup(ip)],
      ['admin.rejected.device', adminId],
    ] as const
    await limits.admit(counted)
    const admin = await db.admins.find(adminId)
    if (admin && (await passwords.isRight(password, admin.passwordHash))) return admin
    await limits.reject(counted)
    throw new HaomaError('ADMIN_LOGIN_FAILED')
  }

  /** The account as it was when its password was shown. */
  const stillThe = (proven: Admin, now: Admin): void => {
    if (now.passwordHash !== proven.passwordHash) throw new HaomaError('ADMIN_LOGIN_FAILED')
  }

  return {
    changePassword: async (self, { password, newPassword }) => {
      const proven = await provePassword(self, password)
      const passwordHash = await passwords.hash(newPassword)
      await change(self, 'admin.change-password', async ({ admins }, admin, nowMs) => {
        stillThe(proven, admin)
        await admins.change(admin.id, { passwordHash })
        await admins.endSessions(admin.id, { nowMs, except: self.sessionId })
        await admins.endLinks({ adminId: admin.id }, nowMs)
      })
    },

    beginTotp: (self) =>
      change(self, 'admin.begin-totp', async ({ admins }, admin) => {
        if (admin.totpSealed !== null) throw new HaomaError('NOT_POSSIBLE_NOW', { text: texts.totpIsOn })
        const { uri, secret, sealed } = secondFactor.create(admin)
        await admins.change(admin.id, { totpPendingSealed: sealed })
        return { uri, secret }
      }),

    confirmTotp: async (self, code) => {
      const counted = [['admin.rejected.device', self.adminId]] as const
      await limits.admit(counted)
      const done = await change(self, 'admin.set-totp', async ({ admins }, admin) => {
        const { totpPendingSealed: pending } = admin
        if (pending === null) throw new HaomaError('NOT_POSSIBLE_NOW', { text: texts.totpNotBegun })
        const step = secondFactor.stepOf(admin.id, pending, code.replace(/\s/g, ''))
        if (step === undefined) throw new HaomaError('ADMIN_LOGIN_FAILED')
        const { codes, digests } = secondFactor.recoveryCodes(admin.id)
        await admins.change(admin.id, {
          totpSealed: pending,
          totpPendingSealed: null,
          totpStep: step,
          recoveryDigests: digests,
        })
        return codes
      }).catch(async (error: unknown) => {
        if (error instanceof HaomaError && error.code === 'ADMIN_LOGIN_FAILED') await limits.reject(counted)
        throw error
      })
      return done
    },

    removeTotp: async (self, password) => {
      const proven = await provePassword(self, password)
      await change(self, 'admin.remove-totp', async ({ admins }, admin) => {
        stillThe(proven, admin)
        await admins.change(admin.id, { totpSealed: null, totpPendingSealed: null, recoveryDigests: [] })
      })
    },

    renewRecoveryCodes: async (self, password) => {
      const proven = await provePassword(self, password)
      return change(self, 'admin.renew-recovery-codes', async ({ admins }, admin) => {
        stillThe(proven, admin)
        if (admin.totpSealed === null) throw new HaomaError('NOT_POSSIBLE_NOW', { text: texts.totpIsOff })
        const { codes, digests } = secondFactor.recoveryCodes(admin.id)
        await admins.change(admin.id, { recoveryDigests: digests })
        return codes
      })
    },

    endSession: (self, sessionId) =>
      change(self, 'admin.end-session', ({ admins }, admin, nowMs) =>
        admins.endSession(sessionId, admin.id, nowMs),
      ),

    endOtherSessions: (self) =>
      change(self, 'admin.end-sessions', async ({ admins }, admin, nowMs) => {
        await admins.endSessions(admin.id, { nowMs, except: self.sessionId })
      }),
  }
}
