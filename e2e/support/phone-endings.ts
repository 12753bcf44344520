import { openPhone } from '@haoma/simulator/playwright'
import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { endings } from '../../packages/uni/src/endings.ts'
import type { PhoneEndingRow } from '../../packages/uni/test/phone-endings.ts'
import type { Product } from './product.ts'

const appid = 'wx5f0a3c9e7b1d2468'

async function control(product: Product, path: string, body: object) {
  const answer = await fetch(`${product.simulatorUrl}/_control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Makes a person whose next tap ends as told. */
export async function order(product: Product, user: string, { name }: PhoneEndingRow) {
  await control(product, 'users', { name: user })
  await control(product, 'next-event', { appid, user, ending: name, count: 1 })
}

export const paidButton = { zh: '手机号快捷登录', en: 'Sign in with phone number' }
const smsButton = { zh: '获取验证码', en: 'Get code' }
const agree = { zh: '同意隐私保护指引并继续', en: 'Agree to the privacy guideline' }

/** What is to be seen next, and what is not. */
export function seen({ reason }: PhoneEndingRow, language: 'zh' | 'en') {
  if (reason === 'privacy') return { text: agree[language], not: smsButton[language] }
  return endings[reason].action === 'tap-again'
    ? { text: paidButton[language], not: smsButton[language] }
    : { text: smsButton[language], not: paidButton[language] }
}

/** Orders an ending, taps the paid button of a compiled mini program, and sees what it says and offers. */
export async function playEnding(
  browser: Browser,
  product: Product,
  row: PhoneEndingRow,
  { user, hasPopup }: { user: string; hasPopup: boolean },
) {
  await order(product, user, row)
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const phone = await openPhone(await context.newPage(), {
    url: product.simulatorUrl,
    user,
    origins: { 'http://127.0.0.1:4000': product.serviceUrl },
  })
  await phone.tap(paidButton.zh)
  // A privacy popup comes before this one: WeChat's own, or ours where the page has one.
  if (row.name === 'privacy-not-agreed') await (hasPopup ? phone.tap('不同意') : phone.privacy.disagree())
  await phone.waitForText(endings[row.reason].texts.zh)
  const { text, not } = seen(row, 'zh')
  const [first = ''] = (await phone.text()).split('获取实时手机号码')
  expect(first).toContain(text)
  expect(first).not.toContain(not)
  await context.close()
}
