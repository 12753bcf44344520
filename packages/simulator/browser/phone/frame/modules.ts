import { resolveModule } from '../../../src/phone/modules.ts'

/**
 * Names a browser has and a mini program has not. They are hidden from its code, so that what works only in
 * a browser fails here as it fails on a phone.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/runtime/js-support.html
 */
export const hiddenGlobals = [
  'window',
  'self',
  'document',
  'frames',
  'parent',
  'top',
  'location',
  'navigator',
  'history',
  'screen',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'caches',
  'alert',
  'confirm',
  'prompt',
  'fetch',
  'Headers',
  'Request',
  'Response',
  'FormData',
  'Blob',
  'File',
  'FileReader',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'Worker',
  'AbortController',
  'AbortSignal',
  'URL',
  'URLSearchParams',
  'TextEncoder',
  'TextDecoder',
  'crypto',
  'atob',
  'btoa',
  'structuredClone',
  'Event',
  'EventTarget',
  'CustomEvent',
  'HTMLElement',
  'Element',
  'Node',
  'Image',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'getComputedStyle',
  'MutationObserver',
  'postMessage',
  'customElements',
] as const

/** Loads the CommonJS modules of a mini program, each once. */
export interface Modules {
  /** Runs a module by its path without `.js`; later calls answer from the cache. */
  load(path: string): unknown
}

interface Module {
  exports: unknown
}

/**
 * Creates the loader.
 *
 * @param scripts - Every script by its path without `.js`.
 * @param globals - What module code sees by name: `wx`, `App`, `Page`, …
 */
export function createModules(scripts: Record<string, string>, globals: Record<string, unknown>): Modules {
  const cache = new Map<string, Module>()
  // Nothing but its own names stands in front of what the code sees elsewhere.
  const scope: Record<string, unknown> = Object.assign(Object.create(null), globals)

  const load = (path: string): unknown => {
    const cached = cache.get(path)
    if (cached !== undefined) return cached.exports
    const code = scripts[path]
    if (code === undefined) throw new Error(`module '${path}.js' is not defined`)
    const module: Module = { exports: {} }
    cache.set(path, module)
    const run = compile(path, code, scope) as (r: unknown, m: Module, e: unknown) => void
    run(createRequire(path), module, module.exports)
    return module.exports
  }

  /**
   * `require`, with WeChat's forms for what another package holds; here every package is there already.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/framework/subpackages/async.html
   */
  const createRequire = (path: string) => {
    const find = (request: string) => load(resolveModule(request, path, scripts))
    const async = (request: string) =>
      new Promise((resolve, reject) => {
        try {
          resolve(find(request))
        } catch (cause) {
          reject({ mod: request, errMsg: (cause as Error).message })
        }
      })
    const require = (
      request: string,
      onLoad?: (exports: unknown) => void,
      onFail?: (failure: unknown) => void,
    ) => {
      if (typeof onLoad !== 'function') return find(request)
      return void async(request).then(onLoad, onFail)
    }
    return Object.assign(require, { async })
  }
  return { load }
}

function compile(path: string, code: string, globals: Record<string, unknown>): unknown {
  // `with`: what a module assigns to a global, all of them see, as uni-app counts on. The inner function lets a module be
  // strict, and declare `const self` without clashing with a parameter.
  let outer: (...values: unknown[]) => unknown
  try {
    outer = new Function(
      ...hiddenGlobals,
      'globals',
      `with(globals){return function(require,module,exports){${code}\n}}\n//# sourceURL=miniprogram:///${path}.js`,
    ) as typeof outer
  } catch (error) {
    throw new SyntaxError(`${path}.js: ${(error as Error).message}`)
  }
  return outer(...hiddenGlobals.map(() => undefined), globals)
}
