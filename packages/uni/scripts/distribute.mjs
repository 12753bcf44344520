// After the build: the same source for those who do not install from npm into a uni-app of their own.
//   dist/miniprogram                       native mini programs (`miniprogram_npm`)
//   dist/uni_modules/haoma-phone-login     HBuilderX
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const at = (...path) => join(root, ...path)
const read = (...path) => readFileSync(at(...path), 'utf8')
const { version, description, license } = JSON.parse(read('package.json'))

native()
hbuilderx()

function native() {
  const out = at('dist/miniprogram')
  for (const name of ['phone-login-button', 'sms-login-form', 'privacy-popup']) {
    cpSync(at('native', name), join(out, name), { recursive: true })
    rewrite(join(out, name, `${name}.js`), '../../src/native.ts', '../index')
    const own = name === 'privacy-popup' ? read('src/components/privacy-popup/popup.css') : ''
    writeFileSync(join(out, name, `${name}.wxss`), `@import '../haoma.wxss';\n${own}`)
  }
  writeFileSync(join(out, 'haoma.wxss'), read('src/components/haoma.css'))
}

/** @see https://uniapp.dcloud.net.cn/plugin/uni_modules.html */
function hbuilderx() {
  const out = at('dist/uni_modules/haoma-phone-login')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(join(out, 'js_sdk'), { recursive: true })
  for (const name of readdirSync(at('dist')).filter((file) => file.endsWith('.js')))
    cpSync(at('dist', name), join(out, 'js_sdk', name))
  cpSync(at('src/components'), join(out, 'components'), {
    recursive: true,
    filter: (path) => !path.endsWith('.spec.ts'),
  })
  for (const path of readdirSync(join(out, 'components'), { recursive: true }).map(String)) {
    if (path.endsWith('.vue')) rewrite(join(out, 'components', path), '@haoma/uni', '../../js_sdk/index.js')
  }
  cpSync(at('README.zh-CN.md'), join(out, 'readme.md'))
  const plugin = {
    id: 'haoma-phone-login',
    displayName: '号码 · 手机号登录',
    version,
    description,
    keywords: ['手机号', '登录', '微信小程序'],
    license,
    engines: { HBuilderX: '^3.8.0' },
    dcloudext: { type: 'component-vue' },
    uni_modules: { dependencies: [], encrypt: [] },
  }
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(plugin, null, 2)}\n`)
}

/** Where a file finds the library in its new place. */
function rewrite(file, from, to) {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`'${from}'`, `'${to}'`))
}
