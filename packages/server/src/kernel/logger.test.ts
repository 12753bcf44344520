import { describe, expect, it } from 'vitest'
import { createLogger } from './logger.ts'

const logged = (work: (logger: ReturnType<typeof createLogger>) => void) => {
  const lines: string[] = []
  work(createLogger('trace', { write: (line) => void lines.push(line) }))
  return { text: lines.join(''), line: JSON.parse(lines[0] ?? '{}') }
}

describe('the log', () => {
  it('puts [secret] in the place of what has such a name, three names deep', () => {
    const { line } = logged((logger) =>
      logger.info({
        phoneCode: 'p0',
        a: { appSecret: 'p1', b: { e164: 'p2', kept: 1 } },
        list: [{ secret: 'p3', kept: 2 }],
        kept: 3,
      }),
    )
    expect(line).toMatchObject({
      phoneCode: '[secret]',
      a: { appSecret: '[secret]', b: { e164: '[secret]', kept: 1 } },
      list: [{ secret: '[secret]', kept: 2 }],
      kept: 3,
    })
  })

  it('does so in what is bound to a child, and in an error', () => {
    const error = Object.assign(new Error('no'), { phoneCode: 'p1', detail: { refreshToken: 'p2' } })
    const { text, line } = logged((logger) =>
      logger.child({ sealed: 'p0', requestId: 'r1' }).error({ err: error }),
    )
    expect(text).not.toMatch(/p[012]/)
    expect(line).toMatchObject({
      requestId: 'r1',
      sealed: '[secret]',
      err: { message: 'no', phoneCode: '[secret]' },
    })
    expect(line.err.stack).toContain('logger.test')
  })

  it('leaves what it was given as it is, and writes dates and the like as JSON does', () => {
    const given = { inner: { secret: 's' }, at: new Date(0), nothing: null }
    const { line } = logged((logger) => logger.info(given))
    expect(given.inner.secret).toBe('s')
    expect(line).toMatchObject({ at: '1970-01-01T00:00:00.000Z', nothing: null })
  })
})
