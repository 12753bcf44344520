import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../scripts/lib/build.mjs'
import { run } from '../../scripts/lib/run.mjs'
import { root } from '../support/fences.ts'
import { install } from '../support/taro.ts'

/** `npm run test:libraries` installs what compiles for them; it is too heavy for every run of every test. */
const isWanted = process.env.HAOMA_LIBRARIES === 'all'

const example = join(root, 'examples/uni-app')
const app = join(example, 'dist/platforms')
const platforms = ['mp-baidu', 'mp-kuaishou', 'mp-xhs']

// Alipay, Douyin, H5 and App are builds of the example itself.
describe.runIf(isWanted)('the component on the other mini programs', () => {
  beforeAll(async () => {
    await build(['uni'])
    for (const name of ['pages', 'uni_modules']) await rm(join(app, name), { recursive: true, force: true })
    await cp(join(root, 'e2e/fixtures/hbuilderx'), app, { recursive: true })
    await cp(join(root, 'e2e/fixtures/uni-platforms'), app, { recursive: true })
    await cp(join(root, 'packages/uni/dist/uni_modules'), join(app, 'uni_modules'), { recursive: true })
    await install(app)
    // What else they bring along the example has: twice, the compiler would look for components in the other one.
    const scope = join(app, 'node_modules/@dcloudio')
    for (const folder of [dirname(scope), scope])
      for (const name of await readdir(folder))
        if (!['@dcloudio', '.haoma-installed', ...platforms.map((each) => `uni-${each}`)].includes(name))
          await rm(join(folder, name), { recursive: true, force: true })
  }, 600_000)

  it.each(platforms)('compiles for %s, with the SMS form', async (platform) => {
    const out = join(app, 'out', platform)
    const uni = createRequire(join(example, 'package.json')).resolve('@dcloudio/vite-plugin-uni/bin/uni.js')
    await run(process.execPath, [uni, 'build', '-p', platform], {
      cwd: app,
      quiet: true,
      env: { VITE_ROOT_DIR: app, UNI_INPUT_DIR: app, UNI_OUTPUT_DIR: out, NODE_ENV: 'production' },
    })
    const files = (await readdir(out, { recursive: true })).map(String)
    for (const name of ['phone-login-button', 'sms-login-form'])
      expect(files.filter((file) => file.endsWith(`${name}/${name}.js`))).toHaveLength(1)
    const common = files
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFile(join(out, file), 'utf8'))
    const code = (await Promise.all(common)).join('')
    expect(code).toContain('/v1/sms/send')
    // The simulator's script is for browsers while an app is developed.
    expect(code).not.toContain('haomaDevice')
  })
})
