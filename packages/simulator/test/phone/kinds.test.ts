import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPhone, type PhonePage } from '../../src/phone/playwright/index.ts'
import { type Bench, fixture, openBench, styleOf } from './support/serve-phone.ts'

// Chromium on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let home: string
let bench: Bench

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'haoma-kinds-'))
  await cp(fixture('kinds'), join(home, 'app'), { recursive: true })
  bench = await openBench(join(home, 'app'))
})
afterEach(() => bench.closePages())
afterAll(async () => {
  await bench.close()
  await rm(home, { recursive: true, force: true })
})

async function open(path: string): Promise<PhonePage> {
  return openPhone(await bench.newPage(), { url: bench.url, page: `pages/${path}/${path}` })
}

const linesOf = async (phone: PhonePage, level: string) =>
  (await phone.console()).filter((line) => line.level === level).map(({ text }) => text)

describe('WXS', () => {
  it('has the types, functions and library of WeChat’s reference, in modules that require modules', async () => {
    const phone = await open('wxs')
    expect(await phone.screen.locator('#kinds').innerText()).toBe(
      'Array,Object,String,Number,Boolean,Function,Date,RegExp',
    )
    await phone.waitForText('ownown [bcb] 1970 undefinedundefinedundefined 2[3,true,true] array')
  })

  it('costs only itself when a module fails, and says so', async () => {
    const phone = await open('wxs')
    expect(await linesOf(phone, 'error')).toContain('Error: lib/throws.wxs: unwell')
  })

  it('handles events with component descriptors, and calls methods of the page', async () => {
    const phone = await open('wxs')
    await phone.tap('#press')
    await phone.tap('#press')
    await phone.waitForText('pressed 2 n true')
    expect(await styleOf(phone.screen.locator('#press'), 'color')).toBe('rgb(1, 2, 3)')
    expect(await phone.screen.locator('#other').getAttribute('class')).toContain('pressed')
  })

  it('observes properties from the first value on', async () => {
    const phone = await open('wxs')
    await phone.waitForText('seen 3 after none')
    await phone.tap('#watched')
    await phone.waitForText('seen 4 after 3')
    expect(await styleOf(phone.screen.locator('#watched'), 'paddingLeft')).toBe('4px')
  })
})

describe('components', () => {
  /** Colour of the first pixel of a canvas. */
  const pixelOf = (phone: PhonePage, selector: string) =>
    (phone.screen.locator(selector) as unknown as Locator).evaluate(
      new Function(
        'element',
        "const c = element.shadowRoot.querySelector('canvas'); return [...c.getContext('2d').getImageData(0, 0, 1, 1).data].join()",
      ) as () => string,
    )

  it('draw on a canvas, by its node and by the older context', async () => {
    const phone = await open('stage')
    await phone.waitForText(/drawn;/)
    await phone.waitForText(/image 1;/)
    expect(await pixelOf(phone, '#new')).toBe('1,2,3,255')
    expect(await pixelOf(phone, '[canvas-id=old]')).toBe('10,20,30,255')
    expect(await linesOf(phone, 'unsupported')).toEqual([])
  })

  it('roll a picker to its value and tell what is chosen', async () => {
    const phone = await open('stage')
    await phone.tap('a')
    await phone.waitForText('pick 0,1;')
  })

  it('move where they are dragged, within their area', async () => {
    const phone = await open('stage')
    await phone.waitForText('10,5')
    const knob = phone.screen.locator('#knob') as unknown as Locator
    const box = await knob.boundingBox()
    if (!box) throw new Error('no knob')
    const { mouse } = knob.page()
    await mouse.move(box.x + 20, box.y + 20)
    await mouse.down()
    await mouse.move(box.x + 520, box.y + 60, { steps: 4 })
    await mouse.up()
    await phone.waitForText('touch 160,5')
  })

  it('show a finger by their own classes, and pass it on unless they stop it', async () => {
    const phone = await open('stage')
    const find = (id: string) => phone.screen.locator(`#${id}`) as unknown as Locator
    const classesOf = async (id: string) => (await find(id).getAttribute('class')) ?? ''
    await find('stops').hover()
    await find('stops').page().mouse.down()
    await vi.waitFor(async () => expect(await classesOf('stops')).toMatch(/\bon$/))
    expect(await classesOf('around')).not.toMatch(/around-on/)
    await find('stops').page().mouse.up()
    await find('pressed').hover()
    await find('pressed').page().mouse.down()
    const look = () =>
      find('pressed').evaluate(
        new Function(
          'element',
          'const { color, fontWeight } = getComputedStyle(element); return color + " " + fontWeight',
        ) as () => string,
      )
    await vi.waitFor(async () => expect(await look()).toBe('rgb(7, 193, 96) 700'))
    await vi.waitFor(async () => expect(await classesOf('around')).toMatch(/around-on/))
  })

  it('tell what the browser throws', async () => {
    const phone = await open('stage')
    await phone.tap('#clumsy')
    await vi.waitFor(async () => expect((await linesOf(phone, 'error')).join()).toMatch(/IndexSizeError: /))
  })

  it('open a container over the page and close it', async () => {
    const phone = await open('stage')
    await phone.tap('#open')
    await phone.waitForText('within')
    await phone.waitForText('entered;')
    await (phone.screen.locator('.mask') as unknown as Locator).click({ position: { x: 5, y: 5 } })
    await phone.waitForText('left;')
  })

  it('show what fits the screen', async () => {
    const text = await (await open('stage')).text()
    expect(text).toContain('always')
    expect(text).toContain('portal')
    expect(text).not.toContain('never')
  })
})

describe('lifetimes', () => {
  it('run in WeChat’s order, inner components ready before those around them', async () => {
    const phone = await open('life')
    await phone.waitForText('onReady')
    expect(await phone.screen.locator('#log').innerText()).toBe(
      [
        ...['attached:outer', 'attached:inner', 'onLoad', 'onShow', 'show:outer', 'show:inner'],
        ...['behavior-ready:inner', 'ready:inner', 'behavior-ready:outer', 'ready:outer', 'onReady'],
      ].join(' '),
    )
  })

  it('run for a component that data brings later and takes away', async () => {
    const phone = await open('life')
    await phone.tap('#late')
    await phone.waitForText('attached:late behavior-ready:late ready:late detached:late end')
  })
})

describe('definitions', () => {
  it('take WeChat’s own behaviors, and properties named like fields of a node', async () => {
    const phone = await open('parts')
    await phone.waitForText('1 x field')
    await phone.tap('send')
    await phone.waitForText('{"phone":"typed"}')
    expect(await linesOf(phone, 'unsupported')).toContain("behavior 'wx://nothing'")
  })

  it('cost only themselves when their script or template is bad', async () => {
    const phone = await open('parts')
    await phone.waitForText('parts/bad.wxml')
    const errors = await linesOf(phone, 'error')
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^parts\/bad\.wxml:1 /),
        expect.stringMatching(/bad part[\s\S]+parts\/bad\.js/),
      ]),
    )
  })

  it('take observers that are not there and lists of types, as released libraries have them', async () => {
    const phone = await open('parts')
    await phone.waitForText('odd 12 34 300')
    const lines = await phone.console()
    expect(lines.filter(({ level, text }) => level === 'error' && /observe|type of/.test(text))).toEqual([])
    expect(await linesOf(phone, 'warn')).toContain(
      'Cannot find method "observeNothing" for observer of property "duration".',
    )
    expect(await linesOf(phone, 'error')).toContain(
      'pages/parts/parts.json <gone>: there is no component /parts/gone',
    )
  })

  it('play animations made by wx.createAnimation and by this.animate', async () => {
    const phone = await open('parts')
    await phone.tap('#animate')
    await phone.waitForText('played')
    await expect.poll(() => styleOf(phone.screen.locator('#box'), 'opacity')).toBe('0.5')
    expect(await styleOf(phone.screen.locator('#box'), 'transform')).toBe('matrix(1, 0, 0, 1, 10, 0)')
    expect(await styleOf(phone.screen.locator('#second'), 'opacity')).toBe('0.25')
  })

  it('ask for elements before there is a page, for nodes, and with one margin', async () => {
    const phone = await open('parts')
    await phone.tap('#query')
    await phone.waitForText('function function box v')
  })

  it('go on with what is not played, which is named', async () => {
    const phone = await open('parts')
    await phone.tap('#more')
    await phone.waitForText(
      '3 | cloud.callFunction:fail not played by the phone page | lib | ./none.js | exported 1 | undefined',
    )
    expect(await linesOf(phone, 'unsupported')).toEqual(
      expect.arrayContaining([
        ...['wx.createInnerAudioContext', 'wx.getFileSystemManager'],
        ...['wx.worklet', 'wx.cloud', 'wx.cloud.callFunction'],
      ]),
    )
  })
})

describe('a tab bar of the mini program’s own', () => {
  it('is a component on each tab page, and WeChat’s is not drawn', async () => {
    const phone = await open('wxs')
    await phone.waitForText('own bar 0')
    await phone.tap('#to-life')
    await phone.waitForPage('pages/life/life')
    await phone.waitForText('own bar 1')
  })
})

describe('a start that fails', () => {
  const startWith = async (file: string, text: string) => {
    const folder = join(home, 'app')
    await writeFile(join(folder, file), text)
    const page = await bench.newPage()
    try {
      await expect
        .poll(() =>
          openPhone(page, { url: bench.url }).then(
            () => 'runs',
            (error: Error) => error.message,
          ),
        )
        .not.toBe('runs')
      return await page.locator('.trouble').innerText()
    } finally {
      await cp(join(fixture('kinds'), file), join(folder, file))
    }
  }

  it('is a state with its text: the script of the first page', async () => {
    expect(await startWith('pages/wxs/wxs.js', 'nowhere.at()')).toContain('nowhere is not defined')
  })

  it('runs source with imports, as DevTools compiles it', async () => {
    expect(await startWith('app.js', "import x from './x'\nApp({})")).toContain(
      "module 'x.js' is not defined",
    )
  })
})

const platforms = { harmony: 'ohos', windows: 'windows', mac: 'mac', wxwork: 'ios' }

describe('the page around it', () => {
  it('asks before it redirects requests, and runs without when told to', async () => {
    const page = await bench.newPage()
    const origins = encodeURIComponent('{"https://api.example.com":"https://evil.example"}')
    await page.goto(`${bench.url}/phone?lang=en&origins=${origins}`)
    await page.getByText('https://evil.example').waitFor()
    expect(await page.locator('iframe').count()).toBe(0)
    await page.getByText('Run without redirecting').click()
    await page.locator('[data-status="running"]').waitFor()
  })

  it('is any platform that WeChat runs on', async () => {
    for (const [platform, told] of Object.entries(platforms)) {
      const phone = await openPhone(await bench.newPage(), {
        url: bench.url,
        platform: platform as 'mac',
        page: 'pages/parts/parts',
      })
      await phone.tap('#system')
      await phone.waitForText(`platform ${told} ${platform === 'wxwork' ? platform : 'none'}`)
    }
  })

  it('says so at once when the process behind it is gone, and goes on when it is back', async () => {
    const page = await bench.newPage()
    await openPhone(page, { url: bench.url })
    await bench.stop()
    await page.getByRole('alert').getByText('重新启动它').waitFor()
    await bench.restart()
    await page.getByText('重新启动它').waitFor({ state: 'hidden' })
    await page.locator('[data-status="running"]').waitFor()
  })
})
