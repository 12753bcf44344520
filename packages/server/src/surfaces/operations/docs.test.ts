import { errorTable } from '@haoma/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { chineseTexts } from './document-texts.ts'

let fixture: Fixture
// biome-ignore lint/suspicious/noExplicitAny: a JSON document
let document: any
beforeAll(async () => {
  fixture = await startFixture()
  document = (await fixture.get('/openapi.json')).body
})
afterAll(() => fixture.close())

const operations = () =>
  Object.entries<Record<string, { operationId: string; responses: object; security: object[] }>>(
    document.paths,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and lists every call once', () => {
    expect(document.openapi).toBe('3.1.0')
    const listed = operations().map(({ method, path }) => `${method} ${path}`)
    expect(listed).toEqual(expect.arrayContaining(['post /v1/login', 'get /v1/me', 'get /healthz']))
    expect(new Set(operations().map(({ operationId }) => operationId)).size).toBe(operations().length)
  })

  it('documents errors of the table, each under its status, with an example', () => {
    const documented = operations().flatMap(({ responses }) =>
      Object.entries<{
        content?: Record<string, { examples?: Record<string, { value: { status: number } }> }>
      }>(responses as never).flatMap(([status, response]) =>
        Object.entries(response.content?.['application/problem+json']?.examples ?? {}).map(
          ([code, example]) => {
            expect(Number(status)).toBe(errorTable[code as keyof typeof errorTable].status)
            expect(example.value.status).toBe(Number(status))
            return code
          },
        ),
      ),
    )
    for (const code of documented) expect(Object.keys(errorTable)).toContain(code)
  })

  it('says which calls need a session', () => {
    const secured = operations().filter(({ security }) => security.some((way) => 'accessToken' in way))
    const names = secured.map(({ operationId }) => operationId)
    expect(names).toEqual(expect.arrayContaining(['bindPhone', 'endSession', 'getMe']))
    expect(document.components.securitySchemes.accessToken).toMatchObject({ type: 'http', scheme: 'bearer' })
  })
})

describe('one language at a time', () => {
  const texts = (value: unknown): string[] => {
    const found: string[] = []
    JSON.stringify(value, (key, text) => {
      if ((key === 'summary' || key === 'description') && typeof text === 'string') found.push(text)
      return text
    })
    return found
  }

  it.each([
    ['zh', '登录，可同时带上手机号'],
    ['en', 'Sign a WeChat user in, with or without a number'],
  ])('gives the document in %s', async (language, summary) => {
    const { body } = await fixture.get(`/openapi.json?language=${language}`)
    expect(body.paths['/v1/login'].post.summary).toBe(summary)
    const isChinese = (part: string) => /\p{Script=Han}/u.test(part)
    const mixed = texts(body).filter((text) => new Set(text.split(/ · |\n\n/).map(isChinese)).size > 1)
    expect(mixed).toEqual([])
  })

  it('leaves nothing in English to a reader of Chinese, and keeps no text that nobody reads', async () => {
    const { body: chinese } = await fixture.get('/openapi.json?language=zh')
    const isCode = (text: string) => !/[A-Za-z]/.test(text.replaceAll(/`[^`]*`/g, ''))
    expect(texts(chinese).filter((text) => !/\p{Script=Han}/u.test(text) && !isCode(text))).toEqual([])
    const english = new Set(texts(document))
    expect(Object.keys(chineseTexts).filter((text) => !english.has(text))).toEqual([])
  })

  it.each([
    ['/docs', 'zh-CN,zh;q=0.9', 'zh-CN', 'openapi.json?language=zh'],
    ['/docs', 'en-GB', 'en', 'openapi.json?language=en'],
    ['/docs?language=en', 'zh-CN', 'en', 'openapi.json?language=en'],
  ])('shows %s to a reader of %s in %s', async (path, accept, lang, document) => {
    const { body } = await fixture.get(path, { 'accept-language': accept })
    expect(body).toContain(`<html lang="${lang}">`)
    expect(body).toContain(`href="${document}"`)
  })
})

describe('/docs', () => {
  it('is a page whose files all come from here', async () => {
    const { headers, body } = await fixture.get('/docs')
    expect(headers.get('content-type')).toContain('text/html')
    expect(headers.get('content-security-policy')).toContain("script-src 'self' 'sha256-")
    expect(body).not.toMatch(/https?:\/\//)
    const files = [...body.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, file]) => file)
    expect(files).toHaveLength(2)
    for (const file of files) {
      const answer = await fixture.get(`/${file}`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^text\/(css|javascript)/)
      expect(answer.body.length).toBeGreaterThan(10_000)
    }
  })
})
