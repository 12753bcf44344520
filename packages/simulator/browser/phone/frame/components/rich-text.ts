import type { Builtin } from './define.ts'

interface RichNode {
  type?: 'node' | 'text'
  name?: string
  text?: string
  attrs?: Record<string, string>
  children?: RichNode[]
}

/** Tags that WeChat's rich text shows; the content of any other is left out, as there. */
const trusted = new Set(
  `a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt
  em fieldset font footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q rt ruby s
  section small span strong sub sup table tbody td tfoot th thead tr tt u ul`.split(/\s+/),
)
const trustedAttributes = new Set([
  'class',
  'style',
  'src',
  'alt',
  'width',
  'height',
  'colspan',
  'rowspan',
  'start',
])

/** `<rich-text>`: trusted tags only, never a script, no events. */
export const richText: Builtin = {
  props: { nodes: null, space: '', userSelect: false },
  setup({ element, props }) {
    let shown: unknown
    return {
      update() {
        if (props.nodes === shown) return
        shown = props.nodes
        const nodes =
          typeof shown === 'string'
            ? [...new DOMParser().parseFromString(shown, 'text/html').body.childNodes].map(clean)
            : ((shown ?? []) as RichNode[]).map(build)
        element.replaceChildren(...nodes.flatMap((node) => node ?? []))
      },
    }
  },
}

function clean(node: Node): Node | undefined {
  if (node instanceof Text) return node.cloneNode()
  if (!(node instanceof Element) || !trusted.has(node.localName)) return undefined
  return create(
    node.localName,
    [...node.attributes].map(({ name, value }) => [name, value]),
    [...[...node.childNodes].map(clean)],
  )
}

function build(node: RichNode): Node | undefined {
  if (node.type === 'text' || node.name === undefined) return document.createTextNode(node.text ?? '')
  const name = node.name.toLowerCase()
  if (!trusted.has(name)) return undefined
  return create(name, Object.entries(node.attrs ?? {}), (node.children ?? []).map(build))
}

function create(name: string, attributes: [string, string][], children: (Node | undefined)[]): Element {
  const element = document.createElement(name)
  for (const [key, value] of attributes) {
    if (trustedAttributes.has(key) && !/^\s*javascript:/i.test(value)) element.setAttribute(key, value)
  }
  element.append(...children.flatMap((child) => child ?? []))
  return element
}
