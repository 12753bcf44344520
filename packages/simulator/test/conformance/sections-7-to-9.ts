import { expect } from 'vitest'
import type { Row } from './row.ts'
import type { SimulatedTarget } from './simulated.ts'

const newcomer = { user: 'a newcomer' }
const noQuota = { errMsg: 'getPhoneNumber:fail no quota', errno: 1400001 }

/** Leaves an app with a trial of so many calls of each component. */
async function setTrial(t: SimulatedTarget, size: number): Promise<void> {
  await t.control('apps', { appid: t.app.appid, trial: { quick: size, realtime: size } })
}

async function openSheet(t: SimulatedTarget, fields: object = {}): Promise<Record<string, unknown>> {
  await t.device('privacy', { event: 'agree', ...fields })
  return t.device('phone/open', { component: 'quick', ...fields })
}

export const clientSide: Row[] = [
  {
    section: '7.2',
    fact: 'success has a code, encryptedData and iv, and no errno',
    simulated: async (t) => {
      expect(await t.tap()).toEqual({
        errMsg: 'getPhoneNumber:ok',
        code: expect.any(String),
        encryptedData: expect.any(String),
        iv: expect.stringMatching(/^[\w+/]{22}==$/),
      })
    },
  },
  {
    section: '7.2',
    fact: 'the realtime event says getPhoneNumber, or getRealtimePhoneNumber where switched',
    simulated: async (t) => {
      expect(await t.tap({ component: 'realtime' })).toMatchObject({ errMsg: 'getPhoneNumber:ok' })
      await t.control('switches', { 'realtime-errmsg-prefix': 'getRealtimePhoneNumber' })
      expect(await t.tap({ component: 'realtime' })).toMatchObject({ errMsg: 'getRealtimePhoneNumber:ok' })
      expect(await t.tap()).toMatchObject({ errMsg: 'getPhoneNumber:ok' })
    },
  },
  {
    section: '7.2',
    fact: 'cloudID comes only with cloud development',
    simulated: async (t) => {
      expect(await t.tap()).not.toHaveProperty('cloudID')
      await t.control('apps', { appid: t.app.appid, cloudDevelopment: true })
      expect(await t.tap()).toMatchObject({ cloudID: expect.stringMatching(/^71_/) })
    },
  },
  {
    section: '7.1',
    fact: 'code comes from base library 2.21.2 on; before, only encryptedData',
    simulated: async (t) => {
      expect(await t.tap({ baseLibrary: '2.21.1' })).not.toHaveProperty('code')
      expect(await t.tap({ baseLibrary: '2.21.1' })).toHaveProperty('encryptedData')
      expect(await t.tap({ baseLibrary: '2.21.2' })).toHaveProperty('code')
    },
  },
  {
    section: '7.1',
    fact: 'the realtime button does nothing below base library 2.24.4',
    simulated: async (t) => {
      const body = {
        appid: t.app.appid,
        user: '李雷',
        component: 'realtime',
        baseLibrary: '2.24.3',
        answer: 'allow',
      }
      expect((await t.post('/_device/phone', body)).status).toBe(409)
      expect(await t.tap({ component: 'realtime', baseLibrary: '2.24.4' })).toHaveProperty('code')
    },
  },
  {
    section: '7.1',
    fact: 'personal and unverified accounts get "no permission"',
    simulated: async (t) => {
      expect(await t.tap({ appid: t.personal.appid })).toEqual({
        errMsg: 'getPhoneNumber:fail no permission',
      })
    },
  },
  {
    section: '7.1',
    fact: 'the user picks among bound numbers',
    simulated: async (t) => {
      const { sheetId, numbers } = await openSheet(t, { user: '韩梅梅' })
      const [first, second] = numbers as Array<{ id: string; masked: string }>
      expect([first?.masked, second?.masked]).toEqual(['138****8000', '186****6000'])
      const { detail } = await t.device('phone/answer', { sheetId, answer: 'allow', numberId: second?.id })
      const { code } = detail as { code: string }
      expect((await t.exchange({ code })).json.phone_info).toMatchObject({ phoneNumber: '18600186000' })
    },
  },
  {
    section: '7.1',
    fact: 'a number added on the sheet needs its SMS code, and appears later only when saved',
    simulated: async (t) => {
      const number = '13912345678'
      for (const save of [false, true]) {
        const { sheetId, numbers } = await openSheet(t)
        expect(numbers).toHaveLength(1)
        const wrong = await t.post('/_device/phone/answer', {
          sheetId,
          answer: 'allow',
          number,
          smsCode: '000000',
        })
        expect([wrong.status, (wrong.json.error as { code: string }).code]).toEqual([
          400,
          'SMS_CODE_NOT_SENT',
        ])
        const { smsCode } = await t.device('phone/sms', { sheetId, number })
        const { detail } = await t.device('phone/answer', { sheetId, answer: 'allow', number, smsCode, save })
        const { code } = detail as { code: string }
        expect((await t.exchange({ code })).json.phone_info).toMatchObject({ phoneNumber: number })
      }
      expect((await openSheet(t)).numbers).toMatchObject([
        { saved: false },
        { masked: '139****5678', saved: true },
      ])
    },
  },
  {
    section: '7.1',
    fact: 'the realtime sheet verifies the chosen number by SMS; a wrong code leaves it open',
    simulated: async (t) => {
      const { sheetId, smsRequired } = await openSheet(t, { component: 'realtime' })
      expect(smsRequired).toBe(true)
      const { smsCode } = await t.device('phone/sms', { sheetId })
      const wrongCode = smsCode === '111111' ? '222222' : '111111'
      const wrong = await t.post('/_device/phone/answer', { sheetId, answer: 'allow', smsCode: wrongCode })
      expect([wrong.status, wrong.json.error]).toEqual([
        400,
        expect.objectContaining({ code: 'SMS_CODE_WRONG' }),
      ])
      const { detail } = await t.device('phone/answer', { sheetId, answer: 'allow', smsCode })
      expect(detail).toHaveProperty('code')
    },
  },
  {
    section: '7.1',
    fact: 'a page left while the sheet is open loses the callback, and nothing is charged',
    simulated: async (t) => {
      const { sheetId } = await openSheet(t)
      await t.device('phone/abandon', { sheetId })
      expect((await t.post('/_device/phone/answer', { sheetId, answer: 'allow' })).status).toBe(404)
      expect(await t.bill()).toMatchObject({ consents: 0, remaining: 1000 })
    },
  },
  ...(
    [
      ['iOS', { platform: 'ios' }, 'getPhoneNumber:fail user deny'],
      ['DevTools', { platform: 'devtools' }, 'getPhoneNumber:fail user deny'],
      ['Android', { platform: 'android' }, 'getPhoneNumber:fail:user deny'],
      ['older clients', { baseLibrary: '2.9.0' }, 'getPhoneNumber:user deny'],
    ] as const
  ).map(
    ([who, fields, errMsg]): Row => ({
      section: '7.3',
      fact: `a refusal on ${who} says ${errMsg}`,
      simulated: async (t) => expect(await t.tap({ answer: 'deny', ...fields })).toEqual({ errMsg }),
    }),
  ),
  {
    section: '7.3',
    fact: 'the quota gone is errno 1400001 as a number and no code; its text is a switch',
    simulated: async (t) => {
      await setTrial(t, 0)
      expect(await t.tap()).toEqual(noQuota)
      await t.control('switches', { 'no-quota-errmsg': 'getPhoneNumber:fail' })
      expect(await t.tap()).toEqual({ errMsg: 'getPhoneNumber:fail', errno: 1400001 })
    },
  },
  {
    section: '7.3',
    fact: 'the platform shows its own toast when the quota is gone, unless the button turned it off (3.0.1)',
    simulated: async (t) => {
      await setTrial(t, 0)
      expect(await openSheet(t)).toEqual({
        detail: noQuota,
        toast: { zh: '该功能使用次数已达当前小程序上限，暂时无法使用', en: expect.any(String) },
        layout: 'desktop',
      })
      expect(await openSheet(t, { noQuotaToast: false })).toEqual({ detail: noQuota })
      expect(await openSheet(t, { noQuotaToast: false, baseLibrary: '3.0.0' })).toHaveProperty('toast')
    },
  },
  {
    section: '7.3',
    fact: 'late consent fails with "time out", free of charge, where switched',
    simulated: async (t) => {
      await t.control('switches', { 'late-consent': 'client-time-out' })
      const { sheetId } = await openSheet(t)
      await t.advance(301)
      const { detail } = await t.device('phone/answer', { sheetId, answer: 'allow' })
      expect(detail).toEqual({ errMsg: 'getPhoneNumber:fail time out' })
      expect(await t.bill()).toMatchObject({ consents: 0, timeouts: 1 })
    },
  },
]

export const billing: Row[] = [
  {
    section: '8',
    fact: 'each component has a free trial of 1000 calls of its own',
    simulated: async (t) => {
      await t.tap()
      expect(await t.bill('quick')).toMatchObject({ trialUsed: 1, remaining: 999, li: 0 })
      expect(await t.bill('realtime')).toMatchObject({ trialUsed: 0, remaining: 1000, li: 0 })
    },
  },
  {
    section: '8',
    fact: 'the charge is at consent; the exchange changes nothing',
    simulated: async (t) => {
      const code = await t.phoneCode()
      const before = await t.bill()
      await t.exchange({ code })
      await t.exchange({ code })
      expect(await t.bill()).toEqual(before)
    },
  },
  {
    section: '8',
    fact: 'refusals and failures of privacy and permission are free',
    simulated: async (t) => {
      await t.tap({ answer: 'deny' })
      await t.tap({ agreePrivacy: false, ...newcomer })
      await t.tap({ appid: t.personal.appid })
      expect(await t.bill()).toMatchObject({ consents: 0, refusals: 1, remaining: 1000 })
    },
  },
  {
    section: '8',
    fact: 'a code that expires unused has been charged, and so has each repeat of one user',
    simulated: async (t) => {
      await t.tap()
      await t.tap()
      await t.advance(3600)
      expect(await t.bill()).toMatchObject({ consents: 2, trialUsed: 2 })
    },
  },
  {
    section: '8',
    fact: 'trial first, then the pack that ends earliest; quick 30 li, realtime 40 li',
    simulated: async (t) => {
      await setTrial(t, 1)
      const { nowMs } = (await t.control('clock')) as { nowMs: number }
      const [appid, day] = [t.app.appid, 86_400_000]
      const late = await t.control('packs', { appid, component: 'quick', size: 5, endsAtMs: nowMs + 9 * day })
      const early = await t.control('packs', {
        appid,
        component: 'quick',
        size: 1,
        endsAtMs: nowMs + 2 * day,
      })
      await t.control('packs', { appid, component: 'realtime', size: 1 })
      for (let i = 0; i < 3; i++) await t.tap()
      await t.tap({ component: 'realtime' })
      await t.tap({ component: 'realtime' })
      expect(await t.bill('quick')).toMatchObject({
        consents: 3,
        trialUsed: 1,
        packUsed: 2,
        li: 60,
        remaining: 4,
      })
      expect(await t.bill('realtime')).toMatchObject({ consents: 2, trialUsed: 1, packUsed: 1, li: 40 })
      const { apps } = (await t.control('state')) as {
        apps: Array<{ packs: Array<{ id: string; used: number }> }>
      }
      const used = Object.fromEntries((apps[0]?.packs ?? []).map((pack) => [pack.id, pack.used]))
      expect([used[String(early.id)], used[String(late.id)]]).toEqual([1, 1])
    },
  },
  {
    section: '8',
    fact: 'a pack that has ended, or not begun, does not count',
    simulated: async (t) => {
      await setTrial(t, 0)
      const { nowMs } = (await t.control('clock')) as { nowMs: number }
      const pack = { appid: t.app.appid, component: 'quick', size: 9 }
      await t.control('packs', { ...pack, startsAtMs: nowMs + 60_000, endsAtMs: nowMs + 120_000 })
      expect(await t.tap()).toMatchObject({ errno: 1400001 })
      await t.advance(61)
      expect(await t.tap()).toHaveProperty('code')
      await t.advance(60)
      expect(await t.tap()).toMatchObject({ errno: 1400001 })
    },
  },
  {
    section: '8',
    fact: 'there is no overdraft: of two open sheets on one call left, one succeeds',
    simulated: async (t) => {
      await setTrial(t, 1)
      const [first, second] = [await openSheet(t), await openSheet(t)]
      const answer = async ({ sheetId }: Record<string, unknown>) =>
        (await t.device('phone/answer', { sheetId, answer: 'allow' })).detail
      expect(await answer(first)).toHaveProperty('code')
      expect(await answer(second)).toEqual(noQuota)
      expect(await t.bill()).toMatchObject({ consents: 1, noQuota: 1, remaining: 0 })
    },
  },
  {
    section: '8',
    fact: 'government, public medical and education accounts pay nothing and need no balance',
    simulated: async (t) => {
      await setTrial(t, 0)
      await t.control('apps', { appid: t.app.appid, freeOfCharge: true })
      expect(await t.tap()).toHaveProperty('code')
      expect(await t.bill()).toMatchObject({ consents: 1, free: 1, li: 0 })
    },
  },
  {
    section: '8',
    fact: 'taps in DevTools are charged, unless switched',
    simulated: async (t) => {
      await t.tap({ platform: 'devtools' })
      await t.control('switches', { 'devtools-taps': 'free' })
      await t.tap({ platform: 'devtools' })
      expect(await t.bill()).toMatchObject({ consents: 2, trialUsed: 1, free: 1 })
    },
  },
  {
    section: '8',
    fact: 'the usage call tells what is left as all − effectiveUse, both strings',
    simulated: async (t) => {
      await t.tap()
      const ask = async (fields: Record<string, string>) =>
        (
          await t.get('/wxa/charge/usage/get', {
            access_token: await t.token(),
            offset: '0',
            limit: '20',
            ...fields,
          })
        ).json
      expect(await ask({ spuId: '10000077' })).toMatchObject({
        errcode: 0,
        all: '1000',
        effectiveUse: '1',
        total: 1,
        detailList: [
          { status: 1, skuId: '20000093', source: 1, endTime: 4_294_967_295, all: '1000', used: '1' },
        ],
      })
      expect(await ask({ spuId: '10000078' })).toMatchObject({ effectiveUse: '0' })
      for (const wrong of [{}, { spuId: '1' }, { spuId: '10000077', limit: '21' }]) {
        expect(await ask(wrong)).toMatchObject({ errcode: 10120002 })
      }
    },
  },
  {
    section: '8',
    fact: 'the usage call tells packs that are active, not yet, and ended',
    simulated: async (t) => {
      const { nowMs } = (await t.control('clock')) as { nowMs: number }
      const pack = { appid: t.app.appid, component: 'quick', size: 10 }
      await t.control('packs', pack)
      await t.control('packs', { ...pack, startsAtMs: nowMs + 1e9 })
      await t.control('packs', { ...pack, startsAtMs: nowMs - 2e9, endsAtMs: nowMs - 1e9 })
      const { json } = await t.get('/wxa/charge/usage/get', {
        access_token: await t.token(),
        spuId: '10000077',
      })
      expect((json.detailList as Array<{ status: number }>).map(({ status }) => status)).toEqual([1, 1, 2, 3])
      expect(json.all).toBe('1010')
    },
  },
]

export const privacy: Row[] = [
  {
    section: '9',
    fact: 'a purpose that is not declared answers errno 112',
    simulated: async (t) => {
      await t.control('apps', { appid: t.app.appid, privacyDeclared: false })
      expect(await t.tap()).toEqual({
        errMsg: 'getPhoneNumber:fail api scope is not declared in the privacy agreement',
        errno: 112,
      })
    },
  },
  {
    section: '9',
    fact: 'a user who has not agreed gets errno 104',
    simulated: async (t) => {
      expect(await t.device('phone/open', { component: 'quick' })).toEqual({
        detail: { errMsg: 'getPhoneNumber:fail privacy permission is not authorized', errno: 104 },
      })
    },
  },
  {
    section: '9',
    fact: 'wx.getPrivacySetting follows the consent, and removing the mini program clears it',
    simulated: async (t) => {
      const needs = async (event: string) => (await t.device('privacy', { event })).needAuthorization
      expect(await t.device('privacy', { event: 'query' })).toEqual({
        needAuthorization: true,
        privacyContractName: '《号码示例小程序隐私保护指引》',
        isPopupPaused: false,
      })
      expect(await needs('disagree')).toBe(true)
      expect(await needs('agree')).toBe(false)
      expect(await needs('query')).toBe(false)
      expect(await needs('forget')).toBe(true)
    },
  },
  {
    section: '9',
    fact: 'base libraries below the privacy versions are not restricted',
    simulated: async (t) => {
      expect(await t.device('phone/open', { component: 'quick', baseLibrary: '2.32.2' })).toHaveProperty(
        'sheetId',
      )
      await t.control('switches', { 'privacy-min-library': '2.33.0' })
      expect(await t.device('phone/open', { component: 'quick', baseLibrary: '2.32.3' })).toHaveProperty(
        'sheetId',
      )
    },
  },
  {
    section: '9',
    fact: 'the combined button agrees and asks in one tap; refusing the number keeps the agreement',
    simulated: async (t) => {
      const combined = { component: 'quick', agreePrivacy: true }
      const { sheetId } = await t.device('phone/open', combined)
      await t.device('phone/answer', { sheetId, answer: 'deny' })
      expect(await t.device('privacy', { event: 'query' })).toMatchObject({ needAuthorization: false })
      await t.control('switches', { 'combined-refusal': 'privacy-not-agreed' })
      await t.tap({ ...combined, answer: 'deny', ...newcomer })
      expect(await t.device('privacy', { event: 'query', ...newcomer })).toMatchObject({
        needAuthorization: true,
      })
      await t.tap({ ...combined, answer: 'allow', ...newcomer })
      expect(await t.device('privacy', { event: 'query', ...newcomer })).toMatchObject({
        needAuthorization: false,
      })
    },
  },
  {
    section: '9',
    fact: 'the combined button works from base library 2.33.1 on, or where switched',
    simulated: async (t) => {
      const combined = { component: 'quick', agreePrivacy: true }
      expect(await t.tap({ ...combined, baseLibrary: '2.33.0' })).toMatchObject({ errno: 104 })
      expect(await t.tap({ ...combined, baseLibrary: '2.33.1' })).toHaveProperty('code')
      await t.control('switches', { 'combined-min-library': '2.33.0' })
      expect(await t.tap({ ...combined, baseLibrary: '2.33.0', ...newcomer })).toHaveProperty('code')
    },
  },
]
