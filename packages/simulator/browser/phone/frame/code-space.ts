import * as easel from 'glass-easel'
import { type CodeSpace, MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import type { Bundle } from '../../../src/phone/bundle.ts'
import { isPlugin, resolveComponent } from '../../../src/phone/templates/reach.ts'
import { createBackend } from './backend.ts'
import { createBuiltinBehaviors } from './components/behaviors.ts'
import { type Builtin, defineBuiltins } from './components/define.ts'
import { type Definition, readDefinition } from './definition.ts'
import { createReadyQueue, type ReadyQueue } from './lifetimes.ts'
import type { Modules } from './modules.ts'
import { createStyles, type Styles } from './styles.ts'
import type { WxsRuntime } from './wxs/runtime.ts'

/** The components and pages of a mini program, registered with glass-easel as their scripts run. */
export interface Components {
  /** `App`-independent globals for module code. */
  globals: {
    Page(definition: Definition): void
    Component(definition?: Definition): unknown
    Behavior: ((definition?: Definition) => unknown) & { trait?: unknown }
  }
  /**
   * Runs the scripts of a page and of all it uses, each once.
   *
   * @throws The error of the page's own script; that of a component is reported and costs the component only.
   */
  load(path: string): void
  /** Creates the root component of a page or tab bar, not yet attached. */
  createRoot(tag: string, path: string, query: string): { root: PageRoot; sheets: HTMLStyleElement[] }
  ready: ReadyQueue
  styles: Styles
}

type Env = InstanceType<typeof MiniProgramEnv>
/** A created page component. */
export type PageRoot = ReturnType<ReturnType<Env['associateBackend']>['createRoot']>

interface ComponentsOptions {
  bundle: Bundle
  builtins: Record<string, Builtin>
  theme: 'light' | 'dark'
  modules(): Modules
  wxs: WxsRuntime
  onUnsupported(what: string): void
  onError(error: unknown): void
}

/** Registers the mini program's code with glass-easel. */
export function createComponents(options: ComponentsOptions): Components {
  const { bundle } = options
  // uni-app puts its handlers on the instance, not among the methods.
  easel.globalOptions.useMethodCallerListeners = true
  // A property may be called `dataset`, `id` or `style`; on the node that would be the node's own.
  easel.globalOptions.writeFieldsToNode = false
  const ready = createReadyQueue()
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('main', true)
  const styles = createStyles(bundle.styles, options.theme)
  const inner = space.getComponentSpace()
  const backend = env.associateBackend(
    createBackend({
      styles,
      scopeName: (scope) => (scope === undefined ? '' : (inner.styleScopeManager.queryName(scope) ?? '')),
      onUnknownTag: (tag) => options.onUnsupported(`<${tag}>`),
    }) as never,
  )
  defineBuiltins(inner, options.builtins, options.onUnsupported)
  addTemplates(space, bundle, options.wxs)
  const configs = addConfigs(space, bundle, options.onUnsupported)

  const builtinBehaviors = createBuiltinBehaviors(space)
  const read = (definition: Definition) =>
    readDefinition(definition, {
      builtinBehavior: (name) => builtinBehaviors[name],
      onUnsupported: options.onUnsupported,
    })
  const registered = new Set<string>()
  const loaded = new Set<string>()
  let current = ''

  const register = (kind: 'Page' | 'Component', given: Definition) => {
    const path = current
    const definition = read(given)
    registered.add(path)
    const config = { ...configs[path], ...styleOptions(definition, configs[path]) }
    space.addComponentStaticConfig(path, config as never)
    return space.componentEnv(path, (globals) =>
      (globals[kind] as (d: never) => unknown)(definition as never),
    )
  }
  const behavior = (definition?: Definition) =>
    definition === undefined
      ? space.behavior()
      : space
          .behavior()
          .definition(read(definition) as never)
          .register()

  const load = (path: string) => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const used of usedBy(configs[path])) {
      try {
        load(used)
      } catch (error) {
        options.onError(error)
      }
    }
    const before = current
    current = path
    try {
      if (bundle.scripts[path] !== undefined) options.modules().load(path)
    } finally {
      current = before
      if (!registered.has(path) && (bundle.scripts[path] !== undefined || bundle.pages.includes(path))) {
        space.componentEnv(path, (globals) => globals.Component({}))
        registered.add(path)
      }
    }
  }

  return {
    globals: {
      Page: (definition) => void register('Page', definition),
      Component: (definition) =>
        definition === undefined ? space.component(current) : register('Component', definition),
      Behavior: Object.assign(behavior, { trait: space.traitBehavior.bind(space) }),
    },
    load,
    createRoot(tag, path, query) {
      const url = query === '' ? path : `${path}?${query}`
      const { result, sheets } = styles.collect(() => backend.createRoot(tag, space, url))
      return { root: result, sheets }
    },
    ready,
    styles,
  }
}

interface ComponentConfig {
  component?: boolean
  usingComponents?: Record<string, string>
  componentGenerics?: Record<string, { default?: string } | undefined>
  styleIsolation?: string
  [key: string]: unknown
}

function addTemplates(space: CodeSpace, bundle: Bundle, wxs: WxsRuntime): void {
  const groups = new Function('$wxs', `return ${bundle.templates}`)(wxs) as Record<string, never>
  for (const [path, content] of Object.entries(groups)) {
    space.addCompiledTemplate(path, { groupList: groups, content })
  }
  for (const path of Object.keys(bundle.styles)) {
    space.addStyleSheet(path, path, `c-${path.replace(/[^\w-]/g, '_')}`)
  }
}

function addConfigs(
  space: CodeSpace,
  bundle: Bundle,
  onUnsupported: (what: string) => void,
): Record<string, ComponentConfig> {
  const shared = resolveUsing(bundle, 'app', onUnsupported)
  const configs: Record<string, ComponentConfig> = {}
  for (const path of new Set([...Object.keys(bundle.scripts), ...bundle.pages])) {
    const { component, ...given } = (bundle.configs[path] ?? {}) as ComponentConfig
    const isPage = bundle.pages.includes(path)
    configs[path] = {
      ...given,
      ...(isPage || component === undefined ? {} : { component }),
      usingComponents: { ...shared, ...resolveUsing(bundle, path, onUnsupported) },
      ...resolveGenerics(given, path, bundle),
    }
    space.addComponentStaticConfig(path, configs[path] as never)
  }
  return configs
}

/** `usingComponents` with every path made absolute, packages from npm found. */
function resolveUsing(
  bundle: Bundle,
  path: string,
  onUnsupported: (what: string) => void,
): Record<string, string> {
  const using = (bundle.configs[path]?.usingComponents ?? {}) as Record<string, string>
  const resolved: Record<string, string> = {}
  for (const [name, target] of Object.entries(using)) {
    if (isPlugin(String(target))) onUnsupported(`${target} (plugin)`)
    else resolved[name] = `/${resolveComponent(String(target), path, bundle.scripts)}`
  }
  return resolved
}

/** `componentGenerics` with the path of each default made absolute. */
function resolveGenerics(
  { componentGenerics }: ComponentConfig,
  path: string,
  bundle: Bundle,
): Pick<ComponentConfig, 'componentGenerics'> {
  if (componentGenerics === undefined) return {}
  const resolved = Object.entries(componentGenerics).map(([name, generic]) => {
    const target = generic?.default
    return [name, target ? { default: `/${resolveComponent(target, path, bundle.scripts)}` } : generic]
  })
  return { componentGenerics: Object.fromEntries(resolved) }
}

/** What a page or component may bring in: what it names, and what it puts in for a name left open. */
function usedBy(config: ComponentConfig | undefined): string[] {
  const generics = Object.values(config?.componentGenerics ?? {}).flatMap((generic) => generic?.default ?? [])
  return [...Object.values(config?.usingComponents ?? {}), ...generics].map((path) => path.replace(/^\//, ''))
}

/** The style options of a script's `options`; glass-easel's adapter reads them from the JSON only. */
function styleOptions(definition: Definition, config: ComponentConfig | undefined): Record<string, unknown> {
  const { styleIsolation, addGlobalClass } = definition.options ?? {}
  if (config?.styleIsolation !== undefined || config?.component !== true) return {}
  if (typeof styleIsolation === 'string') return { styleIsolation }
  return addGlobalClass === true ? { styleIsolation: 'apply-shared' } : {}
}
