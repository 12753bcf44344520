import { type CssNode, generate, parse, walk } from 'css-tree'
import { resolvePath } from './paths.ts'
import type { Problem } from './project.ts'
import { convertRpx, toViewportShare } from './rpx.ts'
import { darkMark, hostMark, lightMark, scopeMark } from './style-marks.ts'

/**
 * Compiles WXSS to CSS, imports put in: `rpx` becomes a share of the frame's width, tag names get the `wx-`
 * of the drawn elements, classes and `:host` get {@link scopeMark}.
 *
 * @param styles - All style sheets by their path without `.wxss`.
 * @param shown - The sheets that are wanted; what they import comes with them.
 * @returns The compiled sheets by the same paths. One that cannot be read is empty.
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/view/wxss.html
 */
export function compileStyles(
  styles: Record<string, string>,
  shown: Iterable<string> = Object.keys(styles),
): { sheets: Record<string, string>; problems: Problem[] } {
  const sheets: Record<string, string> = {}
  const problems: Problem[] = []
  for (const path of shown) {
    if (styles[path] === undefined) continue
    try {
      sheets[path] = compileSheet(path, { styles, seen: new Set([path]) })
    } catch (error) {
      sheets[path] = ''
      problems.push({ level: 'error', file: `${path}.wxss`, message: (error as Error).message })
    }
  }
  return { sheets, problems }
}

interface Context {
  styles: Record<string, string>
  /** Sheets on the way here, so that two that import each other do not hang. */
  seen: ReadonlySet<string>
}

function compileSheet(path: string, context: Context): string {
  const tree = parse(context.styles[path] ?? '', { parseCustomProperty: true, parseValue: true })
  const imported: string[] = []
  let keyframes: CssNode | undefined
  walk(tree, {
    enter(node: CssNode) {
      if (node.type === 'Atrule' && /keyframes$/i.test(node.name)) keyframes = node
      else if (node.type === 'Atrule' && node.name === 'import')
        imported.push(takeImport(node, path, context))
      else if (keyframes === undefined) rewriteSelector(node)
      if (node.type === 'Dimension') rewriteUnit(node)
      if (node.type === 'Raw') node.value = convertRpx(node.value)
    },
    leave(node: CssNode) {
      if (node === keyframes) keyframes = undefined
    },
  })
  walk(tree, (node, item, list) => {
    if (node.type === 'Atrule' && node.name === 'import') list?.remove(item)
  })
  const css = generate(tree)
    .replace(/\(prefers-color-scheme:\s*dark\)/gi, darkMark)
    .replace(/\(prefers-color-scheme:\s*light\)/gi, lightMark)
  return imported.join('') + css
}

function takeImport(node: CssNode, path: string, context: Context): string {
  const target = /["']([^"']+)["']/.exec(generate(node))?.[1]
  if (target === undefined) return ''
  const sheet = resolvePath(target, path).replace(/\.wxss$/, '')
  if (context.seen.has(sheet)) return ''
  return compileSheet(sheet, { ...context, seen: new Set([...context.seen, sheet]) })
}

/** Names that are HTML's own, not tags of a template. */
const documentTags = new Set(['html', 'body'])

function rewriteSelector(node: CssNode): void {
  if (node.type === 'ClassSelector') node.name = scopeMark + node.name
  if (node.type === 'TypeSelector' && node.name !== '*' && !documentTags.has(node.name)) {
    node.name = `wx-${node.name.toLowerCase()}`
  }
  if (node.type === 'PseudoClassSelector' && node.name === 'host') {
    Object.assign(node, { type: 'Raw', value: `[wx-host="${hostMark}"]`, children: null })
  }
}

function rewriteUnit(node: Extract<CssNode, { type: 'Dimension' }>): void {
  if (node.unit.toLowerCase() !== 'rpx') return
  node.value = toViewportShare(Number(node.value))
  node.unit = 'vw'
}
