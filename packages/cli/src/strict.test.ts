import { describe, expect, it } from 'vitest'
import { refuseUnknown, suggestion } from './strict.ts'

const args = {
  name: { type: 'positional' },
  port: { type: 'string' },
  https: { type: 'boolean' },
} as const

describe('what a command does not know', () => {
  it.each([
    [['--prot', '1'], /没有选项 --prot，是不是 --port？[\s\S]*did you mean --port\?/],
    [['--prot=1'], /--port/],
    [['--database', 'x'], /没有选项 --database。/],
    [['-p', '1'], /没有选项 -p/],
    [['shop', 'more'], /没有参数 more/],
    [['--port'], /--port 需要一个值/],
    [['--port', '--https'], /--port 需要一个值/],
    [['--no-port'], /没有选项 --no-port/],
  ])('%j stops it', (rawArgs, message) => {
    expect(() => refuseUnknown(rawArgs, args, 'haoma start')).toThrow(message)
  })

  it.each([
    [[]],
    [['shop']],
    [['--port', '1', '--https']],
    [['--port=1', '--no-https', 'shop']],
    [['--', '--prot']],
  ])('%j does not', (rawArgs) => {
    expect(() => refuseUnknown(rawArgs, args, 'haoma start')).not.toThrow()
  })
})

describe('a suggestion', () => {
  it('is near to what was typed, or none', () => {
    expect(suggestion('strat', ['start', 'simulate'])).toBe('start')
    expect(suggestion('deploy', ['start', 'simulate'])).toBeUndefined()
    expect(suggestion('x', [])).toBeUndefined()
  })
})
