import { resolvePath } from './paths.ts'

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
