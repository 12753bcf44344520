import { resolvePath } from '../../../src/phone/paths.ts'

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

  const load = (path: string): unknown => {
    const cached = cache.get(path)
    if (cached !== undefined) return cached.exports
    const code = scripts[path]
    if (code === undefined) throw new Error(`module '${path}.js' is not defined`)
    const module: Module = { exports: {} }
    cache.set(path, module)
    const require = (request: string) => load(resolveModule(request, path, scripts))
    const run = compile(path, code, globals) as (r: unknown, m: Module, e: unknown) => void
    run(require, module, module.exports)
    return module.exports
  }
  return { load }
}

function compile(path: string, code: string, globals: Record<string, unknown>): unknown {
  const names = Object.keys(globals)
  // Two functions: the inner one lets a module declare `const self` without clashing with a parameter.
  const outer = new Function(
    ...hiddenGlobals,
    ...names,
    `return function(require,module,exports){${code}\n}\n//# sourceURL=miniprogram:///${path}.js`,
  )
  return outer(...hiddenGlobals.map(() => undefined), ...names.map((name) => globals[name]))
}

/**
 * Finds what `require(request)` means in the module `base`: a path, or a package below `miniprogram_npm`.
 *
 * @throws Error - In WeChat's words, when there is no such module.
 * @see https://developers.weixin.qq.com/miniprogram/dev/devtools/npm.html
 */
export function resolveModule(request: string, base: string, scripts: Record<string, unknown>): string {
  for (const candidate of candidates(request, base)) {
    const plain = candidate.replace(/\.js$/, '')
    if (scripts[plain] !== undefined) return plain
    if (scripts[`${plain}/index`] !== undefined) return `${plain}/index`
  }
  throw new Error(`module '${resolvePath(request, base)}.js' is not defined, require args is '${request}'`)
}

function* candidates(request: string, base: string): Generator<string> {
  yield resolvePath(request, base)
  if (/^\.{0,2}\//.test(request)) return
  const folders = base.split('/').slice(0, -1)
  for (let depth = folders.length; depth >= 0; depth--) {
    yield [...folders.slice(0, depth), 'miniprogram_npm', request].join('/')
  }
}
