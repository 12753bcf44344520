import { compileStyles } from './compile-styles.ts'
import { compileTemplates, type TemplateWarning } from './compile-templates.ts'
import { type AppConfig, readProject } from './project.ts'

/** Everything the page needs to run a mini program, in one answer: `require` is synchronous there. */
export interface Bundle {
  appid: string | undefined
  app: AppConfig
  pages: string[]
  configs: Record<string, Record<string, unknown>>
  scripts: Record<string, string>
  styles: Record<string, string>
  /** A JavaScript expression: the compiled templates by path. */
  templates: string
  warnings: TemplateWarning[]
}

/**
 * Reads and compiles a mini program.
 *
 * @throws PhoneProjectError - See {@link readProject} and {@link compileTemplates}.
 */
export async function createBundle(folder: string): Promise<Bundle> {
  const project = await readProject(folder)
  const { code, warnings } = compileTemplates(project)
  return {
    appid: project.appid,
    app: project.app,
    pages: project.pages,
    configs: project.configs,
    scripts: project.scripts,
    styles: compileStyles(project.styles),
    templates: code,
    warnings,
  }
}
