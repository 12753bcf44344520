import type { ComponentSpace, GeneralComponent } from 'glass-easel'
import { playAnimation } from '../play-animation.ts'
import { unsupportedComponents } from './unsupported.ts'

/** What a built-in component works with. */
export interface BuiltinContext {
  /** The drawn element, `<wx-…>`. */
  element: HTMLElement
  /** The properties as they are now. */
  props: Record<string, unknown>
  /** Fires an event of the component; it does not bubble unless told to. */
  emit(name: string, detail?: unknown, options?: { bubbles?: boolean; composed?: boolean }): void
  /** Changes one of its own properties, such as an input's `value`; two-way bindings follow. */
  set(values: Record<string, unknown>): void
  /** Puts classes on beside the template's, of the sheets that reach the element there; empty for none. */
  setHoverClass(names: string): void
}

/** A running built-in component. */
export interface BuiltinInstance {
  /** Brings the drawn element in line with the properties. */
  update?(): void
  attached?(): void
  detached?(): void
}

type PropertyType = StringConstructor | NumberConstructor | BooleanConstructor | ArrayConstructor | null

/** A built-in component: its properties with their defaults, and what it does. */
export interface Builtin {
  /** A value is the default and gives the type; `null` takes anything. */
  props?: Record<string, string | number | boolean | unknown[] | null>
  setup?(context: BuiltinContext): BuiltinInstance | undefined
}

/** glass-easel's segment for classes that come and go (a const enum); templates use others. */
const temporarySegment = 2
const instances = new WeakMap<object, BuiltinInstance>()

/** Registers WeChat's own components with a glass-easel space, under their tag names. */
export function defineBuiltins(
  space: ComponentSpace,
  builtins: Record<string, Builtin>,
  onUnsupported: (what: string) => void,
): void {
  for (const [tag, builtin] of Object.entries(builtins)) define(space, tag, builtin)
  for (const tag of unsupportedComponents) {
    define(space, tag, {
      setup({ element }) {
        onUnsupported(`<${tag}>`)
        element.dataset.unsupported = `<${tag}>`
        return undefined
      },
    })
  }
}

function define(space: ComponentSpace, tag: string, builtin: Builtin): void {
  const definition = space.defineComponent({
    is: `haoma-builtin/${tag}`,
    options: { multipleSlots: false, virtualHost: false },
    properties: Object.fromEntries(
      Object.entries({ hidden: false, ariaLabel: '', ariaRole: '', animation: null, ...builtin.props }).map(
        ([name, value]) => [name, { type: typeOf(value), value }],
      ),
    ),
    observers: [
      {
        fields: '**',
        observer(this: GeneralComponent) {
          update(this)
        },
      },
    ],
    lifetimes: {
      created(this: GeneralComponent) {
        const element = elementOf(this)
        if (!element) return
        const instance = builtin.setup?.({
          element,
          props: new Proxy({}, { get: (_, name: string) => this.data[name] }),
          emit: (name, detail = {}, options = {}) => {
            this.triggerEvent(name, detail, { bubbles: false, composed: false, ...options })
          },
          set: (values) => this.setData(values),
          setHoverClass: (names) => this.setNodeClass(names, temporarySegment),
        })
        instances.set(this, instance ?? {})
      },
      attached(this: GeneralComponent) {
        update(this)
        instances.get(this)?.attached?.()
      },
      detached(this: GeneralComponent) {
        instances.get(this)?.detached?.()
      },
    },
  } as never)
  space.setGlobalUsingComponent(tag, definition as never)
}

/** What is drawn for a component; nothing when it is made below one that is gone already. */
function elementOf(component: GeneralComponent): HTMLElement | null {
  return component.$$ as unknown as HTMLElement | null
}

function update(component: GeneralComponent): void {
  const element = elementOf(component)
  if (!element) return
  element.hidden = Boolean(component.data.hidden)
  setOrRemove(element, 'aria-label', component.data.ariaLabel)
  if (component.data.ariaRole) element.setAttribute('role', String(component.data.ariaRole))
  playAnimation(component, component.data.animation)
  instances.get(component)?.update?.()
}

/** Sets an attribute; an empty value, `false` or none takes it away. */
export function setOrRemove(element: Element, name: string, value: unknown): void {
  if (value === undefined || value === null || value === '' || value === false) element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : String(value))
}

function typeOf(value: unknown): PropertyType {
  if (value === null) return null
  if (Array.isArray(value)) return Array
  const types = { string: String, number: Number, boolean: Boolean } as Record<string, PropertyType>
  return types[typeof value] ?? null
}
