import { describe, expect, it } from 'vitest'
import { readApp, readAppWithoutWeChat } from './app-list.ts'

const appid = 'wx5f0a3c9e7b1d2468'
const secret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'

const read = (text: string) => {
  const app = readApp(text)
  return 'wrong' in app
    ? app
    : {
        ...app,
        appSecret: String(typeof app.appSecret === 'string' ? app.appSecret : app.appSecret.reveal()),
      }
}

describe('an app', () => {
  it.each([
    [`${appid}:${secret}`, undefined],
    [`${appid}:${secret}:号码: 商城`, '号码: 商城'],
    [`${appid}:${secret}:“小店”`, '“小店”'],
    [`\ufeff${appid}:${secret}\r\n`, undefined],
    [` ${appid} : ${secret}\u200b `, undefined],
    [`${appid}:${secret.toUpperCase()}`, undefined],
  ])('is read from %j', (text, name) => {
    expect(read(text)).toMatchObject({ appid, ...(name && { name }) })
    expect((read(text) as { appSecret: string }).appSecret.toLowerCase()).toBe(secret)
  })

  it.each([
    [`${secret}:${appid}`, /写反了.*swapped/],
    [`${appid}：${secret}`, /全角标点.*full-width/],
    [`${appid}:${secret}，wx5f0a3c9e7b1d2469:${secret}`, /全角标点/],
    [`"${appid}:${secret}"`, /引号.*quotes/],
    [`“${appid}:${secret}”`, /引号/],
    [`{"appid":"${appid}"}`, /JSON/],
    [`${appid}:your-app-secret`, /示例文字.*placeholder/],
    [`${appid}:你的AppSecret`, /32 位十六进制/],
    [`${appid}:${secret.slice(0, 16)} ${secret.slice(16)}`, /看不见的字符.*invisible/],
    [`${appid}:${secret.slice(0, 16)}\u200b${secret.slice(16)}`, /看不见的字符/],
    [`${appid}:${secret}0`, /32 hex digits/],
    ['wx1:secret', /wx 加 16 位十六进制/],
    [appid, /appid:secret/],
    ['', /appid:secret/],
  ])('is not read from %j, which is named without repeating it', (text, wrong) => {
    const found = read(text)
    expect(found).toMatchObject({ wrong: expect.stringMatching(wrong) })
    expect(JSON.stringify(found)).not.toContain(secret.slice(0, 16))
  })
})

describe('an app without WeChat', () => {
  it.each([
    ['shop-h5:h5', { appid: 'shop-h5', kind: 'h5' }],
    [' shop-app : app : 商城: App ', { appid: 'shop-app', kind: 'app', name: '商城:App' }],
  ])('is read from %j', (text, app) => {
    expect(readAppWithoutWeChat(text)).toEqual(app)
  })

  it.each(['', 'shop', 'shop:mp-weixin', 'Shop:h5', `${appid}:h5`, 's:app', 'shop-h5：h5', 'shop_h5:h5'])(
    'is not %j, and is told what is expected',
    (text) => {
      expect(readAppWithoutWeChat(text)).toMatchObject({ wrong: expect.stringMatching(/应.+ \/ must /) })
    },
  )
})
