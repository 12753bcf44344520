import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { clientActions } from './entry.ts'
import { errorCodes, errorTable } from './index.ts'
import { loginErrors } from './login.ts'

describe.each(errorCodes)('%s', (code) => {
  const { status, action, title, text } = errorTable[code]

  it('says what happened and what to do, in Chinese and in English', () => {
    expect(text.zh).toMatch(/\p{Script=Han}.*[。；]$/u)
    expect(text.en).toMatch(/^[A-Za-z].*\.$/)
    expect(text.en).not.toMatch(/\p{Script=Han}/u)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
  })

  it('has an action that fits its status', () => {
    expect(clientActions).toContain(action)
    if (status === 503) expect(['retry', 'use-fallback', 'show-message']).toContain(action)
    if (action === 'retry' && status !== 429) expect(status).toBeGreaterThanOrEqual(500)
    if (status === 401 && code in loginErrors) expect(action).toBe('login-again')
  })
})

/** The pages for people. `npx vitest run packages/protocol -u` writes them anew. */
const pages = {
  en: {
    file: 'service-errors.md',
    head: [
      '# Errors of the login service',
      '',
      '[中文](service-errors.zh-CN.md) · English',
      '',
      'Made from the table in `packages/protocol/src/errors`, and compared with it by a test. Codes never change their',
      'meaning; texts may. What each `action` asks of a client is in [login-service.md](login-service.md#errors).',
      '',
      '| code | status | action | what happened and what to do |',
    ],
  },
  zh: {
    file: 'service-errors.zh-CN.md',
    head: [
      '# 登录服务的错误码',
      '',
      '中文 · [English](service-errors.md)',
      '',
      '由 `packages/protocol/src/errors` 里的表生成，并由测试核对。错误码的含义不会改变，文字可能会改。',
      '客户端遇到各种 `action` 该做什么，见[登录服务](login-service.zh-CN.md#错误)。',
      '',
      '| 错误码 | HTTP 状态 | action | 发生了什么，该怎么办 |',
    ],
  },
}

it.each(['en', 'zh'] as const)('is written down in docs/, all of it (%s)', async (language) => {
  const { file, head } = pages[language]
  const rows = errorCodes.map((code) => {
    const { status, action, text } = errorTable[code]
    return `| \`${code}\` | ${status} | \`${action}\` | ${text[language]} |`
  })
  const page = [...head, '| --- | --- | --- | --- |', ...rows, ''].join('\n')
  await expect(page).toMatchFileSnapshot(`../../../../docs/${file}`)
})

it.each(['login-service.md', 'login-service.zh-CN.md'])('has its actions explained in %s', async (file) => {
  const page = await readFile(new URL(`../../../../docs/${file}`, import.meta.url), 'utf8')
  const explained = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
  expect(explained.filter((name) => clientActions.some((action) => action === name))).toEqual(clientActions)
})
