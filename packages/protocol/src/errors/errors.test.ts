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

it('is written down in docs/service-errors.md, all of it', async () => {
  await expect(errorsPage()).toMatchFileSnapshot('../../../../docs/service-errors.md')
})

/** The page for people. `npx vitest run packages/protocol -u` writes it anew. */
function errorsPage(): string {
  const rows = errorCodes.map((code) => {
    const { status, action, text } = errorTable[code]
    return `| \`${code}\` | ${status} | \`${action}\` | ${text.zh} | ${text.en} |`
  })
  return [
    '# Errors of the login service',
    '',
    'Made from the table in `packages/protocol/src/errors`, and compared with it by a test. Codes never change their',
    'meaning; texts may. What each `action` asks of a client is in [login-service.md](login-service.md#errors).',
    '',
    '| code | status | action | 中文 | English |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
