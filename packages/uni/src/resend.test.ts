import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LoginError } from './login-error.ts'
import { withResend } from './resend.ts'

const busy = (retryAfterS?: number) =>
  new LoginError({
    code: 'WECHAT_BUSY',
    action: 'retry',
    texts: { zh: '微信繁忙', en: 'WeChat is busy' },
    requestId: 'r-1',
    ...(retryAfterS && { retryAfterS }),
  })

describe('sending again', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Runs the task with every pause passing at once, and says when each attempt was made. */
  async function run(errors: LoginError[], lifeMs = 300_000) {
    const begunAtMs = Date.now()
    const attemptsMs: number[] = []
    const outcome = withResend(async () => {
      attemptsMs.push(Date.now() - begunAtMs)
      const error = errors.shift()
      if (error) throw error
      return 'done'
    }, begunAtMs + lifeMs).catch((error: LoginError) => error.reason)
    await vi.runAllTimersAsync()
    return { outcome: await outcome, attemptsMs }
  }

  it('stops at the first success', async () => {
    expect((await run([])).attemptsMs).toEqual([0])
    const { outcome, attemptsMs } = await run([new LoginError('network'), new LoginError('timeout')])
    expect(outcome).toBe('done')
    expect(attemptsMs).toHaveLength(3)
  })

  it('waits longer each time and gives up after the fourth attempt', async () => {
    const { outcome, attemptsMs } = await run(Array.from({ length: 9 }, () => new LoginError('network')))
    expect(outcome).toBe('network')
    expect(attemptsMs).toHaveLength(4)
    const [, first = 0, second = 0, third = 0] = attemptsMs
    expect(first).toBeGreaterThanOrEqual(400)
    expect(second - first).toBeGreaterThanOrEqual(1200)
    expect(third - second).toBeGreaterThanOrEqual(3000)
  })

  it('waits as long as the service asks for', async () => {
    const { attemptsMs } = await run([busy(2)])
    expect(attemptsMs[1]).toBeGreaterThanOrEqual(2000)
  })

  it('does not keep a user waiting for a service that asks for a long pause', async () => {
    const { outcome, attemptsMs } = await run([busy(60), busy(60)])
    expect(outcome).toBe('WECHAT_BUSY')
    expect(attemptsMs).toEqual([0])
  })

  it('sends nothing again that asks for anything but a retry', async () => {
    const { outcome, attemptsMs } = await run([new LoginError('denied')])
    expect(outcome).toBe('denied')
    expect(attemptsMs).toEqual([0])
  })

  it('sends nothing after the code has died', async () => {
    const { outcome, attemptsMs } = await run([new LoginError('network'), new LoginError('network')], 1000)
    expect(outcome).toBe('network')
    expect(attemptsMs).toHaveLength(2)
  })
})
