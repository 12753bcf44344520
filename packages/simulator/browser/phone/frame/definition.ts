/** What a script may hand to `Component`, `Page` or `Behavior`. */
export type Definition = Record<string, unknown> & { options?: Record<string, unknown> }

type Bag = Record<string, unknown>

/** The `behaviors` of WeChat's own; their work is done by the components that look for them. */
export const builtinBehaviors = [
  'wx://form-field',
  'wx://form-field-button',
  'wx://form-field-group',
  'wx://component-export',
  'wx://proxy-scroll-view',
] as const

interface Tools {
  /** Gives the behavior behind a `wx://` name, or nothing when WeChat has none of that name. */
  builtinBehavior(name: string): unknown
  /** Names what is not known. */
  onUnsupported(what: string): void
}

/**
 * Makes a definition one that glass-easel takes. WeChat overlooks what has the wrong form, such as a lifetime that
 * is undefined or a method that is none; glass-easel fails the whole component.
 */
export function readDefinition(given: Definition, { builtinBehavior, onUnsupported }: Tools): Definition {
  const definition: Definition = { ...given }
  for (const name of ['methods', 'lifetimes', 'pageLifetimes'] as const) {
    if (definition[name] !== undefined) definition[name] = functionsOf(definition[name])
  }
  if (definition.observers !== undefined && !Array.isArray(definition.observers)) {
    definition.observers = functionsOf(definition.observers)
  }
  for (const name of lifetimeNames) {
    if (name in definition && typeof definition[name] !== 'function') delete definition[name]
  }
  if (definition.properties !== undefined) {
    definition.properties = Object.fromEntries(
      Object.entries((definition.properties ?? {}) as Bag).map(([name, property]) => [
        name,
        readProperty(property),
      ]),
    )
  }
  if (!Array.isArray(definition.externalClasses)) delete definition.externalClasses
  if (definition.data === null) delete definition.data
  if (definition.behaviors !== undefined) {
    definition.behaviors = [definition.behaviors].flat().flatMap((behavior) => {
      if (typeof behavior !== 'string') return behavior ? [behavior] : []
      const known = builtinBehavior(behavior)
      if (known === undefined) onUnsupported(`behavior '${behavior}'`)
      return known === undefined ? [] : [known]
    })
  }
  return definition
}

const types: readonly unknown[] = [String, Number, Boolean, Object, Array, Function, null, undefined]

/** A property of a type that WeChat does not know, such as a list of types, takes anything. */
function readProperty(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return types.includes(given) ? (given ?? null) : null
  const { type } = given as { type?: unknown }
  return types.includes(type) ? given : { ...given, type: null }
}

const lifetimeNames = ['created', 'attached', 'ready', 'moved', 'detached'] as const

function functionsOf(given: unknown): Bag {
  return Object.fromEntries(
    Object.entries((given ?? {}) as Bag).filter(([, value]) => typeof value === 'function'),
  )
}
