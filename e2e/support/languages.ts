import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Language, LanguageName } from '../../scripts/services/languages.mjs'
import { root } from './fences.ts'
import { haomaMain } from './haoma-command.ts'

const source = (name: string, ...path: string[]) => join(root, 'examples', 'languages', name, ...path)
const sources = (name: string, ending: string) =>
  readdirSync(source(name))
    .filter((file) => file.endsWith(ending))
    .map((file) => source(name, file))

function must(command: string, args: readonly string[], cwd?: string, env: NodeJS.ProcessEnv = {}): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} → ${status}\n${stdout}${stderr}`)
}

/** Go keeps what it built beside the test, and asks nobody for modules. */
const goEnv = { GOFLAGS: '-mod=mod', GOPROXY: 'off', GO111MODULE: 'on' }

/** Makes the program of a language ready, in a folder that it may write, and gives the command that runs it. */
export const programs: Record<LanguageName, (folder: string, language: Language) => readonly string[]> = {
  python: (_folder, { path = '' }) => [path, '-B', source('python', 'main.py')],
  php: () => ['php', source('php', 'main.php')],
  go: (folder) => {
    const binary = join(folder, 'haoma-go')
    must('go', ['build', '-o', binary, '.'], source('go'), goEnv)
    return [binary]
  },
  java: (folder, { path: gson = '' }) => {
    const classes = join(folder, 'classes')
    must('javac', ['-Xlint:all,-serial', '-Werror', '-cp', gson, '-d', classes, ...sources('java', '.java')])
    return ['java', '-cp', `${classes}:${gson}`, 'Main']
  },
  csharp: (folder) => {
    const program = join(folder, 'Program.exe')
    const libraries = ['-r:System.Net.Http', '-r:System.Runtime.Serialization']
    must('mcs', ['-warn:4', '-warnaserror', ...libraries, `-out:${program}`, ...sources('csharp', '.cs')])
    return ['mono', program]
  },
}

/** Runs a test suite of docs/simulator-test-suites.md, with an `npx` that knows `haoma`. */
export const suites: Record<
  LanguageName,
  (folder: string, text: string, language: Language) => readonly string[]
> = {
  python: (folder, text, { tests = '' }) => {
    writeFileSync(join(folder, 'test_login.py'), text)
    return [tests, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', join(folder, 'test_login.py')]
  },
  php: (folder, text, { tests = '' }) => {
    writeFileSync(join(folder, 'PhoneLoginTest.php'), text)
    return [tests, '--do-not-cache-result', join(folder, 'PhoneLoginTest.php')]
  },
  java: (folder, text, { tests = '' }) => {
    writeFileSync(join(folder, 'PhoneLoginTest.java'), text)
    must('javac', ['-cp', tests, '-d', folder, join(folder, 'PhoneLoginTest.java')])
    const launcher = 'org.junit.platform.console.ConsoleLauncher'
    return ['java', '-cp', `${folder}:${tests}`, launcher, '--disable-banner', '-c', 'PhoneLoginTest']
  },
  go: (folder, text) => {
    writeFileSync(join(folder, 'login_test.go'), text)
    writeFileSync(join(folder, 'go.mod'), 'module example.com/login\n\ngo 1.19\n')
    return ['go', 'test', './...']
  },
  csharp: () => {
    throw new Error('Debian has no .NET SDK')
  },
}

/** A folder with an `npx` in it that runs the built command. */
export function npxFolder(folder: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${haomaMain}" "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  return bin
}

const wrapped = (text: string, ending: string) =>
  /^(public |final |sealed |static )*(class|interface|record) |^(using|import|namespace) /m.test(text)
    ? text
    : `class Fence { ${ending} {\n${text}\n} }`

/** Says what is wrong with a piece of a language, as far as its parser can tell without the libraries that it names. */
export const parsers: Record<LanguageName, (folder: string, text: string, language: Language) => string> = {
  python: (folder, text, { path = '' }) => parsed(folder, 'fence.py', text, [path, '-B', '-c', pythonParse]),
  php: (folder, text) =>
    parsed(folder, 'fence.php', text.startsWith('<?php') ? text : `<?php\n${text}`, ['php', '-l']),
  go: (folder, text) => parsed(folder, 'fence.go', goFile(text), ['gofmt', '-e']),
  java: (folder, text) =>
    parsed(folder, 'Fence.java', wrapped(text, 'void run() throws Exception'), [
      'javac',
      '-XDshould-stop.ifNoError=PARSE',
      '-proc:none',
      '-d',
      folder,
    ]),
  csharp: (folder, text) => parsed(folder, 'Fence.cs', wrapped(text, 'async void Run()'), ['mcs', '--parse']),
}

function goFile(text: string): string {
  if (/^package /m.test(text)) return text
  const isDeclaration = /^(func|type|import|var) /m.test(text)
  return isDeclaration ? `package fence\n${text}` : `package fence\nfunc run() {\n${text}\n}`
}

const pythonParse = 'import ast, sys; ast.parse(open(sys.argv[1]).read())'

function parsed(
  folder: string,
  name: string,
  text: string,
  [command = '', ...args]: readonly string[],
): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  const { status, stdout, stderr } = spawnSync(command, [...args, file], { encoding: 'utf8' })
  return status === 0 ? '' : `${stdout}${stderr}` || `${command} ended with ${status}`
}
