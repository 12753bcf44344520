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
  const told = `module '${resolvePath(request, base)}.js' is not defined, require args is '${request}'`
  throw new Error(told + howToBuild(request))
}

/** What a package from npm needs before a mini program has it; nothing for a path. */
export function howToBuild(request: string): string {
  if (isPath(request)) return ''
  return `\n若 ${request} 来自 npm：先运行 npm install，再在微信开发者工具中“构建 npm”，生成 miniprogram_npm。 · If ${request} is from npm: run npm install, then "Build npm" in WeChat DevTools, which makes miniprogram_npm.`
}

const isPath = (request: string) => /^\.{0,2}\//.test(request)

function* candidates(request: string, base: string): Generator<string> {
  yield resolvePath(request, base)
  if (isPath(request)) return
  const folders = base.split('/').slice(0, -1)
  for (let depth = folders.length; depth >= 0; depth--) {
    yield [...folders.slice(0, depth), 'miniprogram_npm', request].join('/')
  }
}
