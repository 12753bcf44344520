import { compileStyles } from './compile-styles.ts'
import { type AppConfig, type Problem, readProject, toolSettings } from './project.ts'
import { compileTemplates } from './templates/compile-templates.ts'
import { findMissingComponents, reachComponents } from './templates/reach.ts'

/** Everything the page needs to run a mini program, in one answer: `require` is synchronous there. */
export interface Bundle {
  appid: string | undefined
  app: AppConfig
  pages: string[]
  configs: Record<string, Record<string, unknown>>
  scripts: Record<string, string>
  styles: Record<string, string>
  /** A JavaScript expression over `$wxs`: the compiled templates by path. */
  templates: string
  /** What is wrong in files that can be shown; it costs those files only. */
  problems: Problem[]
}

/**
 * Reads and compiles a mini program.
 *
 * @throws PhoneProjectError - See {@link readProject}.
 */
export async function createBundle(folder: string): Promise<Bundle> {
  const project = await readProject(folder)
  const reached = reachComponents(project)
  const templates = compileTemplates(project, reached)
  const styles = compileStyles(project.styles, new Set(['app', ...reached]))
  const read = new Set(['app', toolSettings, ...reached])
  const shown = ({ file }: Problem) => read.has(file.replace(/\.\w+$/, ''))
  return {
    appid: project.appid,
    app: project.app,
    pages: project.pages,
    configs: project.configs,
    scripts: project.scripts,
    styles: styles.sheets,
    templates: templates.code,
    problems: [
      ...project.problems.filter(shown),
      ...findMissingComponents(project, ['app', ...reached]),
      ...templates.problems,
      ...styles.problems,
    ],
  }
}
