import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as {
  exports: Record<string, { 'haoma-source': string } | string>
}
const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [[name, `${root}${target['haoma-source']}`] as const],
)

const program = ts.createProgram({
  rootNames: entries.map(([, file]) => file),
  options: {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['haoma-source'],
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    types: ['node'],
    skipLibCheck: true,
  },
})
const checker = program.getTypeChecker()

/** The exports of an entry: name, kind, and for what is called or has members, its types. */
function describeEntry(file: string): { line: string; symbol: ts.Symbol }[] {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${file} exports nothing`)
  return checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    return { line: `${exported.name}: ${shape(symbol)}`, symbol }
  })
}

function shape(symbol: ts.Symbol): string {
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope
  if (symbol.flags & ts.SymbolFlags.Value && !(symbol.flags & ts.SymbolFlags.Class)) {
    const [declaration] = symbol.declarations ?? []
    return declaration
      ? checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, declaration), undefined, flags)
      : ''
  }
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  if (!(type.flags & ts.TypeFlags.Object)) {
    return checker.typeToString(type, undefined, flags | ts.TypeFormatFlags.InTypeAlias)
  }
  const own = type.getProperties().filter((it) => ownMember(it))
  const members = own.map((it) => {
    const [declaration] = it.declarations ?? []
    const optional = it.flags & ts.SymbolFlags.Optional ? '?' : ''
    const of = declaration
      ? checker.getTypeOfSymbolAtLocation(it, declaration)
      : checker.getDeclaredTypeOfSymbol(it)
    return `\n    ${it.name}${optional}: ${checker.typeToString(of, undefined, flags)}`
  })
  return `{${members.sort().join('')}\n  }`
}

/** Leaves out what TypeScript's own library declares, as the fields of Error. */
function ownMember(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((it) => it.getSourceFile().fileName.startsWith(root))
}

it.each(entries)('the public names of %s change only on purpose', async (name, file) => {
  const lines = describeEntry(file).map(({ line }) => `  ${line}`)
  const title = name === '.' ? 'index' : name.replace('./', '').replaceAll('/', '-')
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot(`./public-api/${title}.snap`)
})

it('every public name says what it is', () => {
  const bare = entries.flatMap(([, file]) =>
    describeEntry(file)
      .filter(({ symbol }) => symbol.getDocumentationComment(checker).length === 0)
      .map(({ symbol }) => symbol.name),
  )
  expect([...new Set(bare)]).toEqual([])
})
