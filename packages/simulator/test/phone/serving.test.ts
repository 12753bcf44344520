import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPhone } from '../../src/phone/playwright/index.ts'
import { type Bench, fixture, openBench } from './support/serve-phone.ts'

// Chromium on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let home: string
let folder: string
let bench: Bench
let page: Page

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'haoma-folder-'))
  folder = join(home, 'mp-weixin')
  bench = await openBench(folder)
  page = await bench.newPage()
})
afterAll(async () => {
  await bench.close()
  await rm(home, { recursive: true, force: true })
})

// One folder through its life, in the order a developer meets it.
describe('the folder', () => {
  it('may be missing: the page says what to run, in the language chosen', async () => {
    await expect(openPhone(page, { url: bench.url })).rejects.toThrow('请先编译小程序')
    await expect(openPhone(page, { url: bench.url, language: 'en' })).rejects.toThrow(
      'npm run build:mp-weixin',
    )
  })

  it('is run as soon as it is there', async () => {
    await cp(fixture('native'), folder, { recursive: true })
    await page.frameLocator('iframe.frame').getByText('hello app 1 tiny package!').waitFor()
  })

  it('is run anew after a change', async () => {
    await writeFile(join(folder, 'pages/home/home.wxml'), '<view>changed {{count}}</view>')
    await page.frameLocator('iframe.frame').getByText('changed 1').waitFor()
  })

  it('shows where a template is broken, and recovers', async () => {
    await writeFile(join(folder, 'pages/home/home.wxml'), '<view>{{ a b }}</view>')
    await page.getByText('pages/home/home.wxml:1 ').waitFor()
    await writeFile(join(folder, 'pages/home/home.wxml'), '<view>mended {{count}}</view>')
    await page.frameLocator('iframe.frame').getByText('mended 1').waitFor()
  })

  it('may be removed and built again', async () => {
    await rename(folder, join(home, 'old'))
    await page.getByText('npm run build:mp-weixin').waitFor()
    await cp(fixture('native'), folder, { recursive: true })
    await page.frameLocator('iframe.frame').getByText('hello app 1 tiny package!').waitFor()
  })

  it('gives its files and nothing above it', async () => {
    expect((await fetch(`${bench.url}/phone/files/assets/dot.png`)).headers.get('content-type')).toBe(
      'image/png',
    )
    for (const path of ['..%2f..%2fetc/passwd', '%2e%2e/old/app.js', 'none.png', '%']) {
      expect((await fetch(`${bench.url}/phone/files/${path}`)).status).toBeGreaterThanOrEqual(400)
    }
  })
})
