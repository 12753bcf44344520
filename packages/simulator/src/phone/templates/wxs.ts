import { type Node, parse } from 'acorn'

/** A WXS module made ready for the page, or why it cannot be. */
export type CompiledScript =
  | { code: string; requires: string[] }
  | { error: { line: number; message: string } }

/**
 * What the code of a WXS module sees by name, in the order in which the page hands it over. `undefined` there
 * is what JavaScript has and WXS has not.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/reference/wxs/06datatype.html
 * @see https://developers.weixin.qq.com/miniprogram/dev/reference/wxs/07basiclibrary.html
 */
const wxsNames = [
  'require',
  'exports',
  'module',
  'getDate',
  'getRegExp',
  'console',
  'Date',
  'window',
  'document',
  'globalThis',
  'wx',
  'Object',
  'Array',
  'RegExp',
  'Function',
  'Promise',
  'Symbol',
] as const

/**
 * Turns WXS into a function body for the page's own loader.
 *
 * WXS is JavaScript but for its data types: `x.constructor` is a text such as `'Array'`. Each place that reads it
 * is rewritten to ask the loader; the lines stay where they are.
 */
export function compileScript(path: string, source: string): CompiledScript {
  let tree: Node
  try {
    // A module may `return` nowhere, but people's inline modules do; the engine underneath does not mind.
    tree = parse(source, { ecmaVersion: 'latest', allowReturnOutsideFunction: true })
  } catch (cause) {
    const { message, loc } = cause as Error & { loc?: { line: number } }
    return { error: { line: loc?.line ?? 1, message: message.replace(/ \(\d+:\d+\)$/, '') } }
  }
  const edits: Edit[] = []
  const requires: string[] = []
  visit(tree, (node) => {
    const object = readsConstructor(node)
    if (object) {
      edits.push({ at: object.start, text: '$wxs.constructorOf(' })
      edits.push({ at: object.end, skipTo: node.end, text: ')' })
    }
    const target = requiredBy(node)
    if (target !== undefined) requires.push(target)
  })
  const body = applyEdits(source, edits)
  const code = `$wxs.run(${JSON.stringify(path)},require,exports,module,function(${wxsNames.join(',')}){${body}\n})`
  return { code, requires }
}

interface Edit {
  at: number
  text: string
  /** Where the source goes on; what lies between is left out. */
  skipTo?: number
}

type AnyNode = Node & Record<string, unknown>

/** The object of `x.constructor` or `x['constructor']` where it is read, not set. */
function readsConstructor(node: AnyNode): Node | undefined {
  if (node.type !== 'MemberExpression') return undefined
  const property = node.property as AnyNode
  const name = node.computed ? property.value : property.name
  return name === 'constructor' ? (node.object as Node) : undefined
}

function requiredBy(node: AnyNode): string | undefined {
  const callee = node.callee as AnyNode | undefined
  if (node.type !== 'CallExpression' || callee?.name !== 'require') return undefined
  const [first] = node.arguments as AnyNode[]
  return typeof first?.value === 'string' ? first.value : undefined
}

function visit(node: Node, look: (node: AnyNode) => void): void {
  look(node as AnyNode)
  for (const [key, value] of Object.entries(node)) {
    // What is assigned to is no read: `a.constructor = 1` stays as it is.
    if (node.type === 'AssignmentExpression' && key === 'left') visitInside(value, look)
    else for (const child of [value].flat()) if (isNode(child)) visit(child, look)
  }
}

function visitInside(target: unknown, look: (node: AnyNode) => void): void {
  if (!isNode(target)) return
  for (const value of Object.values(target))
    for (const child of [value].flat()) if (isNode(child)) visit(child, look)
}

function isNode(value: unknown): value is Node {
  return typeof (value as Node | null)?.type === 'string'
}

function applyEdits(source: string, edits: Edit[]): string {
  const sorted = edits
    .map((edit, order) => ({ ...edit, order }))
    .sort(
      (a, b) =>
        a.at - b.at ||
        Number(b.skipTo === undefined ? 0 : 1) - Number(a.skipTo === undefined ? 0 : 1) ||
        a.order - b.order,
    )
  let result = ''
  let from = 0
  for (const { at, text, skipTo } of sorted) {
    result += source.slice(from, Math.max(from, at)) + text
    from = Math.max(from, skipTo ?? at)
  }
  return result + source.slice(from)
}
