import { join } from 'node:path'
import ts from 'typescript'
import { type Fence, root } from './fences.ts'

/** Names that the reader brings along (`appid`, `app`, …): a fence need not declare them. */
const CANNOT_FIND_NAME = [2304, 18004, 2552, 2503]
/** A fence may be the inside of a function. */
const RETURN_OUTSIDE_FUNCTION = 1108

/**
 * Type-checks TypeScript and JavaScript fences against the packages as they are published, and gives what is wrong
 * with each.
 */
export function checkTypes(fences: readonly Fence[]): Map<Fence, string[]> {
  const files = new Map(
    fences.map((fence, index) => [join(root, 'e2e', 'support', `fence-${index}.ts`), fence] as const),
  )
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    customConditions: ['haoma-source'],
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    noEmit: true,
    skipLibCheck: true,
    strict: false,
    types: ['node'],
  }
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  const exists = host.fileExists.bind(host)
  host.fileExists = (name) => files.has(name) || exists(name)
  host.getSourceFile = (name, target) => {
    const fence = files.get(name)
    return fence ? ts.createSourceFile(name, `${fence.text}\nexport {}\n`, target) : read(name, target)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return new Map(
    [...files].map(([name, fence]) => {
      const file = program.getSourceFile(name)
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      return [
        fence,
        found
          .filter(({ code }) => code !== RETURN_OUTSIDE_FUNCTION && !CANNOT_FIND_NAME.includes(code))
          .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
      ]
    }),
  )
}
