import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { appid, appSecret, phoneAnswer, phoneCode } from './stand-in.ts'

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))

async function bundle(conditions: string[], platform: 'neutral' | 'browser' = 'neutral'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform,
    format: 'iife',
    globalName: 'wechat',
    target: 'es2022',
    conditions: ['haoma-source', ...conditions],
  })
  return outputFiles[0]?.text ?? ''
}

describe.each([[], ['workerd'], ['deno'], ['bun'], ['edge-light']])(
  'the package on a runtime that is not Node',
  (...conditions) => {
    it(`imports nothing of Node's (${conditions[0] ?? 'no condition'})`, async () => {
      const text = await bundle(conditions.filter((name) => name !== undefined))
      expect(text).not.toMatch(/require\(|from ['"]node:|undici\/|Buffer\./)
    })
  },
)

it('works in a context that has nothing but the web: fetch, WebCrypto, timers, URL', async () => {
  const asked: string[] = []
  const web = {
    fetch: async (url: string, init: { body?: string }) => {
      asked.push(url.replace(/\?.*/, ''))
      const isToken = url.includes('/cgi-bin/stable_token')
      const answer = isToken ? { access_token: 'T', expires_in: 7200 } : phoneAnswer()
      expect(typeof init.body).toBe('string')
      return new Response(JSON.stringify(answer))
    },
    ...{
      crypto,
      setTimeout,
      clearTimeout,
      performance,
      URL,
      AbortController,
      TextEncoder,
      TextDecoder,
      atob,
      btoa,
    },
  }
  const context = createContext(web)
  runInContext(await bundle(['workerd']), context)
  const run = `(async () => {
    const client = wechat.createWeChat({ apps: [{ appid: '${appid}', appSecret: '${appSecret}' }] })
    const { e164 } = await client.app('${appid}').getPhoneNumber({ phoneCode: '${phoneCode}' })
    const valid = await client.app('${appid}').checkSession({ openid: 'o', sessionKey: 'k' }).catch((e) => e.code)
    await client.close()
    return { e164, isWxError: wechat.isWxError(new Error()), node: typeof process, require: typeof require, valid }
  })()`
  const result = await runInContext(run, context)
  expect({ ...result }).toMatchObject({
    e164: '+8613580006666',
    isWxError: false,
    node: 'undefined',
    require: 'undefined',
  })
  expect(asked[0]).toBe('https://api.weixin.qq.com/cgi-bin/stable_token')
  expect(asked[1]).toBe('https://api.weixin.qq.com/wxa/business/getuserphonenumber')
})
