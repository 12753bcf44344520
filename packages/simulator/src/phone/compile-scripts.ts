import { parse } from 'acorn'
import { transform } from 'sucrase'

/** What may be a module: a cheap look that is right about every file that is one. */
const maybeModule = /(^|[;}\s/])(import|export)\s*[\w{*'"$]/

/**
 * Makes CommonJS of a script that is an ES module, as WeChat DevTools does on upload (将 JS 编译成 ES5): the public
 * component libraries and most native mini programs are written so. Any other script is left as it is, and so is one
 * that cannot be read: running it says where the fault is.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/devtools/codecompile.html
 */
export function compileScript(code: string): string {
  if (!maybeModule.test(code) || isScript(code)) return code
  return compile(code, ['imports'])
}

/** The same for TypeScript, which DevTools compiles with `useCompilerPlugins`. */
export function compileTypeScript(code: string): string {
  return compile(code, ['typescript', 'imports'])
}

function compile(code: string, transforms: ('typescript' | 'imports')[]): string {
  try {
    return transform(code, { transforms, disableESTransforms: true, preserveDynamicImport: true }).code
  } catch {
    return code
  }
}

function isScript(code: string): boolean {
  try {
    parse(code, { ecmaVersion: 'latest', sourceType: 'script', allowReturnOutsideFunction: true })
    return true
  } catch {
    return false
  }
}
