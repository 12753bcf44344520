import type { MemberRecord } from '@haoma/protocol'
import { type Hooks, quietly } from './hooks.ts'
import type { Logger } from './kernel/logger.ts'
import type { LoginService } from './ways/wechat/login.ts'

/** A login that tells the embedding program of itself before it is answered. */
export function withLoginHook(
  login: LoginService,
  parts: { hooks: Hooks; readMember(id: string): Promise<MemberRecord | undefined>; logger: Logger },
): LoginService {
  return {
    ...login,
    login: async (request, ...rest) => {
      const answer = await login.login(request, ...rest)
      await quietly(parts.logger, async () => {
        const member = await parts.readMember(answer.member.id)
        const { appid } = request
        if (member) await parts.hooks.onLogin?.({ member, appid, isNew: answer.isNew ?? false })
      })
      return answer
    },
  }
}
