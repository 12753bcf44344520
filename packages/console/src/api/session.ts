import type { AdminRole, AdminSessionResponse } from '@haoma/protocol/admin'
import { ref } from 'vue'
import { get, onSessionLost, post, remove, useCsrf } from './call.ts'
import { ApiError } from './problem.ts'

/** Who is signed in: undefined while nobody knows yet, null when nobody is. */
export const session = ref<AdminSessionResponse | null>()

const rank: Record<AdminRole, number> = { viewer: 0, operator: 1, owner: 2 }

/** Whether the one who is signed in may do what needs a role. Buttons that one may not press are not there. */
export const may = (least: AdminRole): boolean =>
  session.value ? rank[session.value.admin.role] >= rank[least] : false

onSessionLost(() => {
  session.value = null
})

function begin(begun: AdminSessionResponse): void {
  useCsrf(begun.csrf)
  session.value = begun
}

/** Asks who is signed in; also after a change of oneself. Any other trouble than "nobody" is thrown. */
export async function recallSession(): Promise<void> {
  try {
    begin(await get<AdminSessionResponse>('session'))
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error
    session.value = null
  }
}

export async function signIn(credentials: {
  username: string
  password: string
  totp?: string
}): Promise<void> {
  begin(await post<AdminSessionResponse>('session', credentials))
}

/** Uses a one-time link up; with it comes a session. */
export async function claimLink(claim: {
  token: string
  username?: string
  password?: string
}): Promise<void> {
  begin(await post<AdminSessionResponse>('links/claim', claim))
}

export async function signOut(): Promise<void> {
  try {
    await remove('session')
  } finally {
    session.value = null
  }
}
