import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { ArgsDef, CommandDef } from 'citty'
import { describe, expect, it } from 'vitest'
import { refuseUnknown } from './strict.ts'

const root = `${import.meta.dirname}/../../../`
const pages = ['', 'docs/', 'docs/operations/', 'packages/cli/'].flatMap((folder) =>
  readdirSync(root + folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => folder + name),
)
/** Commands as they stand within a sentence; those of whole code blocks are run by the test of the pages. */
const named = pages.flatMap((page) =>
  [...readFileSync(root + page, 'utf8').matchAll(/`haoma ([a-z][^`]*)`/g)].map(([, text = '']) => text),
)
/** Choices and what may be left out: `[--role a\|b]`. */
const plain = (text: string) => text.replace(/\[.*?\]|…/g, '').replaceAll('\\|', '|')

async function commandOf(name: string): Promise<CommandDef<ArgsDef> | undefined> {
  const path = `${import.meta.dirname}/${name}.ts`
  if (!existsSync(path)) return undefined
  const module: Record<string, unknown> = await import(/* @vite-ignore */ path)
  return (Object.values(module) as CommandDef<ArgsDef>[]).find(
    ({ meta }) => (meta as { name?: string } | undefined)?.name === name,
  )
}

const argsOf = (command: CommandDef<ArgsDef> | undefined) => (command?.args ?? {}) as ArgsDef

describe('a command that a page names', () => {
  it.each([...new Set(named.map(plain))])('haoma %s', async (text) => {
    const [name = '', ...words] = text.trim().split(/\s+/)
    const command = await commandOf(name)
    expect(command, `haoma ${name}`).toBeDefined()
    const under = command?.subCommands as Record<string, CommandDef<ArgsDef>> | undefined
    if (!under) return refuseUnknown(words, argsOf(command), `haoma ${name}`)
    const [verb, ...rest] = words
    if (verb === undefined) return
    expect(Object.keys(under)).toContain(verb)
    refuseUnknown(rest, argsOf(under[verb]), `haoma ${name} ${verb}`)
  })
})
