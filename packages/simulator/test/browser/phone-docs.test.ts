import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { unsupportedOpenTypes } from '../../browser/phone/frame/components/button.ts'
import { createBuiltins } from '../../browser/phone/frame/components/index.ts'
import { unsupportedComponents } from '../../browser/phone/frame/components/unsupported.ts'
import { hiddenGlobals } from '../../browser/phone/frame/modules.ts'
import { createSupported } from '../../browser/phone/frame/wx/index.ts'
import { unsupportedApis } from '../../browser/phone/frame/wx/unsupported.ts'

const page = await readFile(new URL('../../../../docs/phone-page.md', import.meta.url), 'utf8')

/** The names between the marks of one list of the page. */
function listed(name: string): string[] {
  const block = new RegExp(`<!-- ${name} -->([\\s\\S]*?)<!-- /${name} -->`).exec(page)?.[1]
  if (block === undefined) throw new Error(`docs/phone-page.md has no list "${name}"`)
  return [...block.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string)
}

/** Only the names are asked for, so nothing behind them has to work. */
const anything: never = new Proxy(() => anything, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => '' : anything),
}) as never

function playedApis(): string[] {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'window')
  Object.defineProperty(globalThis, 'window', { value: { localStorage: {} }, configurable: true })
  try {
    const options = { host: anything, app: anything, pages: anything, launch: anything, tags: [] }
    const names = createSupported({
      ...options,
      toldTheme: anything,
      fileUrl: anything,
      unsupported: anything,
    })
    return [...Object.keys(names), 'canIUse']
  } finally {
    if (before) Object.defineProperty(globalThis, 'window', before)
    else Reflect.deleteProperty(globalThis, 'window')
  }
}

describe('docs/phone-page.md', () => {
  const lists: Record<string, readonly string[]> = {
    'components:played': Object.keys(createBuiltins(anything)),
    'components:not-played': unsupportedComponents,
    'open-types:not-played': unsupportedOpenTypes,
    'wx:played': playedApis(),
    'wx:not-played': unsupportedApis,
    'globals:hidden': hiddenGlobals,
  }

  for (const [name, names] of Object.entries(lists)) {
    it(`lists ${name} as the code has them`, () => {
      expect(listed(name).toSorted()).toEqual([...names].toSorted())
    })
  }

  it('names no function twice: it is played or it is not', () => {
    const played = new Set(playedApis())
    expect(unsupportedApis.filter((name) => played.has(name))).toEqual([])
  })
})
