import { howToBuild, resolveModule } from '../modules.ts'
import { resolvePath } from '../paths.ts'
import type { Problem, Project } from '../project.ts'

/** Where WeChat looks for a tab bar that the mini program draws itself. */
export const customTabBarPath = 'custom-tab-bar/index'

type Config = Record<string, unknown>

/**
 * The pages, and every component that they can come to use: what is not among them is never shown, whatever its
 * files are like.
 */
export function reachComponents(
  project: Pick<Project, 'app' | 'pages' | 'configs' | 'scripts'>,
): Set<string> {
  const reached = new Set<string>()
  const waiting = [...project.pages, ...usedBy('app', project)]
  if (project.app.tabBar?.custom === true) waiting.push(customTabBarPath)
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    waiting.push(...usedBy(path, project))
  }
  return reached
}

function usedBy(path: string, { configs, scripts }: Pick<Project, 'configs' | 'scripts'>): string[] {
  const config = configs[path] ?? {}
  const generics = Object.values((config.componentGenerics ?? {}) as Config).map(
    (generic) => (generic as Config | null)?.default,
  )
  return [...Object.values((config.usingComponents ?? {}) as Config), ...generics]
    .filter((target): target is string => typeof target === 'string' && !isPlugin(target))
    .map((target) => resolveComponent(target, path, scripts))
}

/** Whether a component comes from a plugin, which is not part of the folder. */
export function isPlugin(target: string): boolean {
  return /^[\w-]+:\/\//.test(target)
}

/** The path of a component that `base` uses: from the root, packages from npm found. */
export function resolveComponent(target: string, base: string, scripts: Record<string, unknown>): string {
  try {
    return resolveModule(target, base, scripts)
  } catch {
    return resolvePath(target, base)
  }
}

/** Names what a shown file uses and the folder does not have: it is drawn as an unknown tag, with nothing in it. */
export function findMissingComponents(
  { configs, scripts, templates }: Pick<Project, 'configs' | 'scripts' | 'templates'>,
  shown: Iterable<string>,
): Problem[] {
  return [...shown].flatMap((path) =>
    Object.entries((configs[path]?.usingComponents ?? {}) as Config).flatMap(([name, target]) => {
      if (typeof target !== 'string' || isPlugin(target)) return []
      const found = resolveComponent(target, path, scripts)
      if ([scripts, templates, configs].some((files) => files[found] !== undefined)) return []
      const message = `<${name}>: there is no component ${target}${howToBuild(target)}`
      return [{ level: 'error' as const, file: `${path}.json`, message }]
    }),
  )
}
