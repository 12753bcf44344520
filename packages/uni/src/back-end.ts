import type { LoginResponse, MemberView } from '@haoma/protocol'
import type { HeldCode } from './machine.ts'

/** Who is here. Without a member: nobody is known yet, and a tap may change that. */
export interface SignedIn {
  member: MemberView | undefined
  components?: LoginResponse['components']
  isNew?: boolean | undefined
}

/** The side that turns codes into members: Haoma's service, or one of your own. All throw {@link LoginError}. */
export interface BackEnd {
  /** By the stored session. `undefined` when it has ended; without a network a known number holds. */
  resume(known: MemberView | undefined): Promise<SignedIn | undefined>
  /** By `wx.login` alone. */
  signIn(): Promise<SignedIn>
  /** By a phone code: into the session at hand, else into a new one. */
  exchange(code: HeldCode): Promise<MemberView>
  /** Told at the tap, while the consent sheet opens. */
  prepare(): void
  endSession(): Promise<void>
}
