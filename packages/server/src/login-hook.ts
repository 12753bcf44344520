import type { MemberRecord } from '@haoma/protocol'
import { type Hooks, quietly } from './hooks.ts'
import type { Logger } from './kernel/logger.ts'
import type { LoginService } from './ways/wechat/login.ts'

export interface LoginHookParts {
  hooks: Hooks
  readMember(id: string): Promise<MemberRecord | undefined>
  logger: Logger
}

/** Tells the embedding program of somebody who signed in; awaited before the answer goes out. */
export function createTellLogin({ hooks, readMember, logger }: LoginHookParts) {
  return ({ memberId, ...told }: { memberId: string; appid: string; isNew: boolean }): Promise<void> =>
    quietly(logger, async () => {
      if (!hooks.onLogin) return
      const member = await readMember(memberId)
      if (member) await hooks.onLogin({ member, ...told })
    })
}

/** A login that tells of itself before it is answered. */
export function withLoginHook(
  { login }: LoginService,
  tell: ReturnType<typeof createTellLogin>,
): LoginService {
  return {
    login: async (request, ...rest) => {
      const answer = await login(request, ...rest)
      await tell({ memberId: answer.member.id, appid: request.appid, isNew: answer.isNew })
      return answer
    },
  }
}
