import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openPhone } from '../../src/phone/playwright/index.ts'
import { type Bench, fixture, openBench } from './support/serve-phone.ts'

// Chromium on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let bench: Bench
beforeAll(async () => {
  bench = await openBench(fixture('kinds'))
})
afterAll(() => bench?.close())

it('lets one module put something in the place of a global for all', async () => {
  const phone = await openPhone(await bench.newPage(), { url: bench.url, page: 'pages/media/media' })
  await phone.waitForText('shared true')
})

it('measures images, makes pictures of both kinds of canvas, and fails a font that is not there', async () => {
  const phone = await openPhone(await bench.newPage(), { url: bench.url, page: 'pages/media/media' })
  await phone.waitForText('image 1x1 gif lib/dot.gif')
  await phone.waitForText('getImageInfo:fail file not found')
  await phone.waitForText('loadFontFace:fail network error')
  await phone.waitForText('older 7x5')
  await phone.waitForText('node 3x2')
  await phone.waitForText('off 40x30 data:image/png;')
  await phone.waitForText('canvasToTempFilePath:fail canvas is empty')
  expect((await phone.console()).filter(({ level }) => level === 'unsupported')).toEqual([])
})
