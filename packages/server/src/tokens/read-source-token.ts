import { createWeChat, type Transport } from '@haoma/wechat'
import type { ReadSourceToken } from './central-tokens.ts'

const TIMEOUT_MS = 2000

export interface ReadSourceTokenParts {
  /** The AppSecret of an app; `undefined` when this process does not have it. */
  findSecret(appid: string): string | undefined | Promise<string | undefined>
  hosts: readonly string[] | undefined
  transport: Transport
}

/** Reads WeChat's stable token past every cache: with a client that has seen no token yet. */
export function createReadSourceToken({
  findSecret,
  hosts,
  transport,
}: ReadSourceTokenParts): ReadSourceToken {
  return async (appid) => {
    const appSecret = await findSecret(appid)
    if (appSecret === undefined) return undefined
    const wechat = createWeChat({
      apps: [{ appid, appSecret }],
      hosts,
      transport,
      tokenTimeoutMs: TIMEOUT_MS,
    })
    try {
      const { accessToken } = await wechat.app(appid).getAccessToken({ timeoutMs: TIMEOUT_MS })
      return accessToken.reveal()
    } finally {
      await wechat.close()
    }
  }
}
