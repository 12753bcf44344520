/**
 * An object that takes every call and does nothing: what a function that is not played gives back, so that code which
 * goes on with it is not stopped. It is no promise, and tells its name.
 */
export function createIdle(name: string): unknown {
  const idle: unknown = new Proxy(function idle() {}, {
    get: (_, key) => {
      if (key === Symbol.toPrimitive || key === 'toString' || key === 'toJSON')
        return () => `[${name}: not played]`
      // Neither a promise nor something to iterate.
      if (typeof key === 'symbol' || key === 'then') return undefined
      if (key === 'prototype') return Object.prototype
      return key === 'destroy' || /^(on|off)[A-Z]/.test(key) ? () => undefined : idle
    },
    set: () => true,
    has: () => true,
    apply: () => idle,
    construct: () => idle as object,
  })
  return idle
}

/** Whether a function of `wx` that is not played gives an object to go on with. */
export function givesObject(name: string): boolean {
  return (
    /^create[A-Z]/.test(name) || /^get.*(Manager|Context|Adapter|System)$/.test(name) || objects.has(name)
  )
}

const objects = new Set(['getUserCryptoManager', 'connectSocket', 'createWorker'])
