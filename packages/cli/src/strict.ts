import { type ArgsDef, type CommandDef, runCommand, showUsage } from 'citty'
import { closest, distance } from 'fastest-levenshtein'
import { explain, Failure } from './failure.ts'

/** What citty resolves for itself: a value, a promise, or a function that gives either. */
type Resolvable<T> = T | Promise<T> | (() => T) | (() => Promise<T>)
// biome-ignore lint/suspicious/noExplicitAny: commands differ in their options, which are read by name here
type Command = CommandDef<any>

/**
 * Runs the command that the arguments name. Whatever the command does not know stops it, with the nearest name that it
 * does know: an option that is ignored in silence is a setting that its user believes in. Errors are explained on
 * standard error, and the process ends with 1.
 */
export async function runStrictly(main: Command, rawArgs: readonly string[]): Promise<void> {
  try {
    const meta = await resolve(main.meta)
    if (rawArgs.length === 1 && ['--version', '-v'].includes(rawArgs[0] ?? '')) {
      console.log(meta?.version)
      return
    }
    const { command, parent, rest, path } = await find(main, rawArgs, meta?.name ?? '')
    const isGroup = command.subCommands !== undefined
    if (isGroup || rest.some((arg) => ['--help', '-h'].includes(arg))) {
      await showUsage(command, parent)
      if (isGroup && !rest.some((arg) => ['--help', '-h'].includes(arg))) process.exitCode = 1
      return
    }
    refuseUnknown(rest, (await resolve(command.args)) ?? {}, path)
    await runCommand(command, { rawArgs: [...rest] })
  } catch (error) {
    console.error(explain(error))
    process.exitCode = 1
  }
}

async function find(main: Command, rawArgs: readonly string[], name: string) {
  let command = main
  let parent: Command | undefined
  let path = name
  let rest = rawArgs
  for (;;) {
    const subCommands = (await resolve(command.subCommands)) as
      | Record<string, Resolvable<Command>>
      | undefined
    const [word] = rest
    if (!subCommands || word === undefined || word.startsWith('-')) return { command, parent, rest, path }
    const next = Object.hasOwn(subCommands, word) ? await resolve(subCommands[word]) : undefined
    if (!next)
      throw unknown('命令', 'command', `${path} ${word}`, suggestion(word, Object.keys(subCommands)), path)
    parent = command
    command = next
    path = `${path} ${word}`
    rest = rest.slice(1)
  }
}

/** @throws {Failure} Naming the first argument that the command does not take. */
export function refuseUnknown(rawArgs: readonly string[], args: ArgsDef, path: string): void {
  const options = Object.entries(args).filter(([, { type }]) => type !== 'positional')
  const names = options.map(([name]) => `--${name}`)
  let positionals = Object.values(args).filter(({ type }) => type === 'positional').length
  for (let index = 0; index < rawArgs.length; index += 1) {
    const arg = rawArgs[index] ?? ''
    if (arg === '--') return
    if (!arg.startsWith('-')) {
      positionals -= 1
      if (positionals < 0) throw unknown('参数', 'argument', arg, undefined, path)
      continue
    }
    const [name = ''] = arg.split('=')
    const known = options.find(
      ([option, { type }]) => name === `--${option}` || (type === 'boolean' && name === `--no-${option}`),
    )
    if (!known) throw unknown('选项', 'option', name, suggestion(name, names), path)
    const takesValue = known[1].type !== 'boolean'
    if (takesValue && !arg.includes('=')) {
      const value = rawArgs[index + 1]
      if (value === undefined || value.startsWith('--')) {
        throw new Failure([`选项 ${name} 需要一个值。`, `The option ${name} needs a value.`])
      }
      index += 1
    }
  }
}

/** The nearest known name, when it is near enough to be what was meant. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const nearest = closest(word, [...known])
  return distance(word, nearest) <= Math.max(2, Math.floor(nearest.length / 3)) ? nearest : undefined
}

function unknown(zh: string, en: string, name: string, nearest: string | undefined, path: string): Failure {
  return new Failure([
    `没有${zh} ${name}${nearest ? `，是不是 ${nearest}？` : '。'}${path} --help 列出全部。`,
    `There is no ${en} ${name}${nearest ? `; did you mean ${nearest}?` : '.'} ${path} --help lists them all.`,
  ])
}

async function resolve<T>(value: Resolvable<T> | undefined): Promise<T | undefined> {
  return typeof value === 'function' ? (value as () => T | Promise<T>)() : value
}
