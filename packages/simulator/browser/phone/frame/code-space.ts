import * as easel from 'glass-easel'
import { type CodeSpace, MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import type { Bundle } from '../../../src/phone/bundle.ts'
import { resolvePath } from '../../../src/phone/paths.ts'
import { createBackend } from './backend.ts'
import { type Builtin, defineBuiltins } from './components/define.ts'
import { type Modules, resolveModule } from './modules.ts'
import { createStyles, type Styles } from './styles.ts'

/** What a script may hand to `Component`, `Page` or `Behavior`: left to glass-easel to understand. */
export type Definition = Record<string, unknown> & { options?: Record<string, unknown> }

/** The components and pages of a mini program, registered with glass-easel as their scripts run. */
export interface Components {
  /** `App`-independent globals for module code. */
  globals: {
    Page(definition: Definition): void
    Component(definition?: Definition): unknown
    Behavior: ((definition?: Definition) => unknown) & { trait?: unknown }
  }
  /** Runs the scripts of a page or component and of all it uses, each once. */
  load(path: string): void
  /** Creates the root component of a page, not yet attached. */
  createRoot(path: string, query: string): { root: PageRoot; sheets: HTMLStyleElement[] }
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
  onUnsupported(what: string): void
}

/** Registers the mini program's code with glass-easel. */
export function createComponents(options: ComponentsOptions): Components {
  const { bundle } = options
  // uni-app puts its handlers on the instance, not among the methods.
  easel.globalOptions.useMethodCallerListeners = true
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
  addTemplates(space, bundle)
  const configs = addConfigs(space, bundle, options.onUnsupported)

  const registered = new Set<string>()
  const loaded = new Set<string>()
  let current = ''

  const register = (kind: 'Page' | 'Component', definition: Definition) => {
    const path = current
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
          .definition(definition as never)
          .register()

  const load = (path: string) => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const used of Object.values(configs[path]?.usingComponents ?? {})) load(used.replace(/^\//, ''))
    if (bundle.scripts[path] === undefined) return
    const before = current
    current = path
    try {
      options.modules().load(path)
    } finally {
      current = before
      if (!registered.has(path)) {
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
    createRoot(path, query) {
      const url = query === '' ? path : `${path}?${query}`
      const { result, sheets } = styles.collect(() => backend.createRoot('page', space, url))
      return { root: result, sheets }
    },
    styles,
  }
}

interface ComponentConfig {
  component?: boolean
  usingComponents?: Record<string, string>
  styleIsolation?: string
  [key: string]: unknown
}

function addTemplates(space: CodeSpace, bundle: Bundle): void {
  const groups = new Function(`return ${bundle.templates}`)() as Record<string, never>
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
  for (const path of Object.keys(bundle.scripts)) {
    const { component, ...given } = (bundle.configs[path] ?? {}) as ComponentConfig
    const isPage = bundle.pages.includes(path)
    configs[path] = {
      ...given,
      ...(isPage || component === undefined ? {} : { component }),
      usingComponents: { ...shared, ...resolveUsing(bundle, path, onUnsupported) },
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
    if (/^[\w-]+:\/\//.test(target)) {
      onUnsupported(`${target} (plugin)`)
      continue
    }
    try {
      resolved[name] = `/${resolveModule(target, path, bundle.scripts)}`
    } catch {
      resolved[name] = `/${resolvePath(target, path)}`
    }
  }
  return resolved
}

/** The style options of a script's `options`; glass-easel's adapter reads them from the JSON only. */
function styleOptions(definition: Definition, config: ComponentConfig | undefined): Record<string, unknown> {
  const { styleIsolation, addGlobalClass } = definition.options ?? {}
  if (config?.styleIsolation !== undefined || config?.component !== true) return {}
  if (typeof styleIsolation === 'string') return { styleIsolation }
  return addGlobalClass === true ? { styleIsolation: 'apply-shared' } : {}
}
