import { withCallbacks } from './callback.ts'
import { createIdle } from './idle.ts'

type Bag = Record<string, unknown>

const cloudCalls = [
  'callFunction',
  'callContainer',
  'uploadFile',
  'downloadFile',
  'deleteFile',
  'getTempFileURL',
  'getVoIPSign',
]

/** The ends of a chain on the cloud database: these would ask the network. */
const databaseCalls = new Set(['get', 'add', 'set', 'update', 'remove', 'count', 'end'])

/** Whole objects of `wx` that are not played: there, named at their first use, and failing as calls fail. */
export function createAbsent(unsupported: (what: string) => void): Bag {
  return { cloud: createCloud(unsupported), worklet: createWorklet(unsupported) }
}

function createCloud(unsupported: (what: string) => void): Bag {
  const failing = (name: string) => {
    const fail = withCallbacks(name, () => {
      throw new Error('not played by the phone page')
    })
    return (options?: never) => {
      unsupported(`wx.${name}`)
      return fail(options)
    }
  }
  const chain = (name: string): unknown =>
    new Proxy(function chain() {}, {
      get: (_, key) => {
        if (typeof key === 'symbol' || key === 'then') return undefined
        return databaseCalls.has(key) ? failing(`${name}.${key}`) : chain(`${name}.${key}`)
      },
      apply: () => chain(name),
    })
  const cloud: Bag = {
    init: () => unsupported('wx.cloud'),
    database: () => {
      unsupported('wx.cloud.database')
      return chain('cloud.database')
    },
  }
  for (const name of cloudCalls) cloud[name] = failing(`cloud.${name}`)
  // `new wx.cloud.Cloud({…})`: another environment, as idle as this one.
  cloud.Cloud = function Cloud() {
    return cloud
  }
  return new Proxy(cloud, {
    get: (known, key) =>
      known[key as string] ??
      (typeof key === 'symbol' || key === 'then' ? undefined : createIdle(`wx.cloud.${key}`)),
  })
}

/** Worklets belong to Skyline's own renderer: values and functions are there, animations end at once. */
function createWorklet(unsupported: (what: string) => void): Bag {
  const named = <T extends (...values: never[]) => unknown>(run: T) =>
    ((...values: Parameters<T>) => {
      unsupported('wx.worklet')
      return run(...values)
    }) as T
  const last = (...values: unknown[]) => values.at(-1)
  return {
    shared: named((value: unknown) => ({ value })),
    derived: named((read: () => unknown) => ({
      get value() {
        return read()
      },
    })),
    timing: named((value: unknown, _options?: unknown, done?: () => void) => finish(value, done)),
    spring: named((value: unknown, _options?: unknown, done?: () => void) => finish(value, done)),
    decay: named((_options: unknown, done?: () => void) => finish(0, done)),
    delay: named((_ms: number, value: unknown) => value),
    sequence: named(last),
    repeat: named((value: unknown) => value),
    cancelAnimation: named(() => undefined),
    runOnUI: named((run: unknown) => run),
    runOnJS: named((run: unknown) => run),
    scrollViewContext: createIdle('wx.worklet.scrollViewContext'),
    Easing: createIdle('wx.worklet.Easing'),
  }
}

function finish(value: unknown, done?: () => void): unknown {
  if (typeof done === 'function') queueMicrotask(done)
  return value
}
