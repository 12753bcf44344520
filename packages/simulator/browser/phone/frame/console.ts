import type { LogEntry } from '../host.ts'

type Level = Extract<LogEntry['level'], 'log' | 'info' | 'warn' | 'error' | 'debug'>

const maxDepth = 4
const maxLength = 4000

/** The mini program's `console`: to the browser's, and to the strip below the phone. */
export function createConsole(log: (entry: LogEntry) => void): Record<string, unknown> {
  const write = (level: Level) => {
    return (...values: unknown[]) => {
      // The browser's own console stays the place to look at objects.
      // biome-ignore lint/suspicious/noConsole: this is the console of the code that runs here
      console[level](...values)
      log({
        level,
        text: values
          .map((value) => describe(value))
          .join(' ')
          .slice(0, maxLength),
      })
    }
  }
  const levels: Level[] = ['log', 'info', 'warn', 'error', 'debug']
  return {
    ...Object.fromEntries(levels.map((level) => [level, write(level)])),
    trace: write('debug'),
    dir: write('log'),
    table: write('log'),
    group: write('log'),
    groupCollapsed: write('log'),
    groupEnd: () => undefined,
    time: () => undefined,
    timeEnd: () => undefined,
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) write('error')('Assertion failed:', ...values)
    },
  }
}

/** A value in one line, cut off where it goes deep or round in circles. */
export function describe(value: unknown, depth = 0, seen: readonly unknown[] = []): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value)
  if (typeof value === 'function') return `ƒ ${value.name || 'anonymous'}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (isError(value)) return describeError(value)
  if (seen.includes(value)) return '[circular]'
  if (depth >= maxDepth) return Array.isArray(value) ? '[…]' : '{…}'
  const inside = [...seen, value]
  if (Array.isArray(value)) return `[${value.map((item) => describe(item, depth + 1, inside)).join(', ')}]`
  const fields = Object.entries(value).map(([name, item]) => `${name}: ${describe(item, depth + 1, inside)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

/** The error with the places in the mini program it came through; those of this page say nothing. */
function describeError({ name, message, stack = '' }: Error): string {
  const places = stack.split('\n').filter((line) => line.includes('miniprogram:///'))
  return [`${name}: ${message}`, ...places].join('\n')
}

/** Across windows `instanceof Error` does not hold. */
function isError(value: object): value is Error {
  return ['[object Error]', '[object DOMException]'].includes(Object.prototype.toString.call(value))
}
