import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseVue } from 'vue/compiler-sfc'
import { freePort } from '../scripts/services/find.mjs'
import { checkTypes } from './support/check-types.ts'
import { type Fence, fencesOf, pages, root } from './support/fences.ts'
import { unfoundIn } from './support/npm-commands.ts'
import { type Product, startProduct } from './support/product.ts'

/** How many fences name a reason why they cannot be run. This number may only fall. */
const MAY_NOT_RUN = 4

const main = join(root, 'packages', 'cli', 'dist', 'main.js')
const fences = pages().flatMap(fencesOf)
const run = fences.filter(({ notRun }) => notRun === undefined)
/**
 * `npx haoma start` and the like run until Ctrl-C: here they get it once they have told an address, and have to end
 * well. Their ports are free ones.
 */
const serving = `
haoma() {
  case "$1" in
    start|simulate)
      local said; said=$(mktemp -p "$PWD")
      node ${main} "$@" > "$said" 2>&1 & local served=$! status=0
      while kill -0 "$served" 2>/dev/null && ! grep -q http:// "$said"; do sleep 0.1; done
      kill -INT "$served" 2>/dev/null || true
      wait "$served" || status=$?
      cat "$said"
      return "$status" ;;
    *) node ${main} "$@" ;;
  esac
}
npx() { "$@"; }
npm() {
  case "$*" in
    # A mini program of the reader's own: here it is the example, built already.
    'run build:mp-weixin') mkdir -p dist/build && ln -s ${join(root, 'examples/uni-app/dist/build/mp-weixin')} dist/build/ ;;
    *) echo "npm $*: not in these tests" >&2; return 1 ;;
  esac
}`

const named = ({ page, line }: Fence) => `${page}:${line}`
const of = (...languages: string[]) => run.filter(({ language }) => languages.includes(language))

/** Kinds of fence and what proves one. */
const checked = ['sh', 'ts', 'js', 'json', 'vue', 'html']
/** `npm run test:languages` runs these, in the languages themselves. */
const checkedElsewhere = ['python', 'php', 'java', 'go', 'csharp']
/** Pages whose commands work on the service's database: they run in its folder. */
const besideTheService = /^docs\/(back-ends|webhooks)/

it('has no fence that nothing checks', () => {
  const unknown = run.filter(({ language }) => ![...checked, ...checkedElsewhere].includes(language))
  expect(unknown.map((fence) => `${named(fence)} ${fence.language}`)).toEqual([])
  const notRun = fences.length - run.length
  expect(notRun).toBeLessThanOrEqual(MAY_NOT_RUN)
  expect(MAY_NOT_RUN - notRun, 'lower MAY_NOT_RUN').toBeLessThan(3)
})

describe('json', () => {
  it.each(of('json').map((fence) => [named(fence), fence] as const))('%s is JSON', (_name, { text }) => {
    expect(() => JSON.parse(text)).not.toThrow()
  })
})

describe('vue', () => {
  it.each(of('vue').map((fence) => [named(fence), fence] as const))(
    '%s is a component',
    (_name, { text }) => {
      expect(parseVue(text).errors).toEqual([])
    },
  )
})

describe('the other languages', () => {
  const folder = join(root, 'examples', 'languages')
  const programs = Object.fromEntries(
    checkedElsewhere.map((language) => [
      language,
      readdirSync(join(folder, language)).map((file) => readFileSync(join(folder, language, file), 'utf8')),
    ]),
  )
  const unindented = (text: string) => text.replaceAll(/^[ \t]+/gm, '')
  const pieces = of(...checkedElsewhere).filter(
    ({ page, parsedOnly }) => !parsedOnly && !page.startsWith('docs/simulator-test-suites'),
  )

  it.each(pieces.map((fence) => [named(fence), fence] as const))(
    '%s is a piece of a program that npm run test:languages runs',
    (_name, { language, text }) => {
      const found = programs[language]?.some((program) => unindented(program).includes(unindented(text)))
      expect(found, text).toBe(true)
    },
  )
})

describe('ts', () => {
  const found = checkTypes(of('ts', 'js'))
  it.each([...found].map(([fence, wrong]) => [named(fence), wrong] as const))(
    '%s type-checks',
    (_name, wrong) => {
      expect(wrong).toEqual([])
    },
  )
})

describe('commands of npm', () => {
  const read = of('sh').filter(({ parsedOnly }) => parsedOnly)
  it.each(read.map((fence) => [named(fence), fence] as const))(
    '%s names what is there',
    (_name, { text }) => {
      expect(unfoundIn(text)).toEqual([])
    },
  )
})

describe('sh', () => {
  let product: Product
  const ports: Record<string, string> = {}
  beforeAll(async () => {
    product = await startProduct()
    for (const name of ['HAOMA_PORT', 'HAOMA_SIMULATOR_PORT', 'HAOMA_DEMO_PORT']) {
      ports[name] = String(await freePort())
    }
  })
  afterAll(() => product.stop())

  const shells = of('sh').filter(({ parsedOnly }) => !parsedOnly)
  const commandsOf = (page: string) =>
    shells
      .filter((fence) => fence.page === page)
      .map(({ text }) => text.replaceAll(/^#.*\n?|[ \t]+#.*$/gm, ''))
      .join('\n')
  // A page and its translation have the same commands, mostly; they are run once.
  const pagesByCommands = new Map<string, string[]>()
  for (const page of new Set(shells.map((fence) => fence.page))) {
    const commands = commandsOf(page)
    pagesByCommands.set(commands, [...(pagesByCommands.get(commands) ?? []), page])
  }

  it.each([...pagesByCommands.values()].map((pages) => [pages.join(', '), pages[0] ?? ''] as const))(
    '%s runs from its first command to its last',
    (_names, page) => {
      const folder = mkdtempSync(join(tmpdir(), 'haoma-docs-'))
      const script = shells
        .filter((fence) => fence.page === page)
        .map(({ line, text }) => `# ${page}:${line}\necho "--- line ${line}"\n${text}`)
        .join('\n')
        .replaceAll(/(127\.0\.0\.1|localhost):4000/g, new URL(product.serviceUrl).host)
        .replaceAll(/(127\.0\.0\.1|localhost):4010/g, new URL(product.simulatorUrl).host)
        .replaceAll(/(127\.0\.0\.1|localhost):4020/g, new URL(product.demoUrl).host)
        // A call that is refused is a fault of the page, not an answer to show.
        .replaceAll(/\bcurl -s/g, 'curl -sS --fail-with-body')
      writeFileSync(join(folder, 'page.sh'), `${serving}\n${script}`)
      const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', join(folder, 'page.sh')], {
        cwd: besideTheService.test(page) ? product.folder : folder,
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, ...ports },
      })
      rmSync(folder, { recursive: true, force: true })
      expect(status, `${stdout}\n${stderr}`).toBe(0)
    },
    90_000,
  )
})
