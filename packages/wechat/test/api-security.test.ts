import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWeChat, type WeChat } from '../src/index.ts'
import {
  appid,
  appSecret,
  loginCode,
  openStandIn,
  phoneAnswer,
  phoneCode,
  type Seen,
  type StandIn,
} from './stand-in.ts'

// The other end of API security, written with node:crypto and not with the code under test.
const phonePath = '/wxa/business/getuserphonenumber'
const ours = generateKeyPairSync('rsa', { modulusLength: 2048 })
const platform = generateKeyPairSync('rsa', { modulusLength: 2048 })
const symmetric = { sn: 'fa05fe1e5bcc79b81ad5ad4b58acf787', key: randomBytes(32) }
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
const urlpath = (path: string) => `https://api.weixin.qq.com${path}`

let standIn: StandIn
let wechat: WeChat

beforeEach(async () => {
  standIn = await openStandIn()
  wechat = createWeChat({
    hosts: [standIn.url],
    apps: [
      {
        appid,
        appSecret,
        apiSecurity: {
          symmetricKey: { sn: symmetric.sn, key: symmetric.key.toString('base64') },
          privateKey: ours.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
          platformCertificates: [
            {
              sn: 'plat-1',
              publicKey: platform.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
            },
          ],
        },
      },
    ],
  })
})
afterEach(async () => {
  await wechat.close()
  await standIn.close()
})

function open({ path, headers, body }: Seen): Record<string, unknown> {
  const timestamp = String(headers['wechatmp-timestamp'])
  const signed = Buffer.from([urlpath(path), appid, timestamp, body].join('\n'))
  const signature = Buffer.from(String(headers['wechatmp-signature']), 'base64')
  expect(verify('sha256', signed, { key: ours.publicKey, ...pss }, signature)).toBe(true)
  const { iv, data, authtag } = JSON.parse(body)
  const cipher = createDecipheriv('aes-256-gcm', symmetric.key, Buffer.from(iv, 'base64'))
  cipher.setAAD(Buffer.from([urlpath(path), appid, timestamp, symmetric.sn].join('|')))
  cipher.setAuthTag(Buffer.from(authtag, 'base64'))
  return JSON.parse(Buffer.concat([cipher.update(Buffer.from(data, 'base64')), cipher.final()]).toString())
}

function seal(path: string, answer: Record<string, unknown>) {
  const timestamp = Math.floor(Date.now() / 1000)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', symmetric.key, iv)
  cipher.setAAD(Buffer.from([urlpath(path), appid, timestamp, symmetric.sn].join('|')))
  const text = JSON.stringify({ _n: 'n', _appid: appid, _timestamp: timestamp, ...answer })
  const data = Buffer.concat([cipher.update(text), cipher.final()])
  const body = JSON.stringify({
    iv: iv.toString('base64'),
    data: data.toString('base64'),
    authtag: cipher.getAuthTag().toString('base64'),
  })
  const signed = Buffer.from([urlpath(path), appid, timestamp, body].join('\n'))
  return {
    status: 200,
    text: body,
    headers: {
      'Wechatmp-Appid': appid,
      'Wechatmp-TimeStamp': String(timestamp),
      'Wechatmp-Serial': 'plat-1',
      'Wechatmp-Signature': sign('sha256', signed, { key: platform.privateKey, ...pss }).toString('base64'),
    },
  }
}

it('seals the calls that support it and reads their sealed answers, with no change in the calling code', async () => {
  let opened: Record<string, unknown> = {}
  standIn.route(phonePath, (seen) => {
    opened = open(seen)
    return seal(phonePath, phoneAnswer())
  })
  const { e164 } = await wechat.app(appid).getPhoneNumber({ phoneCode, openid: 'oUser' })
  expect(e164).toBe('+8613580006666')
  expect(opened).toMatchObject({ code: phoneCode, openid: 'oUser', _appid: appid })
  expect([...(standIn.seen.at(-1)?.query.keys() ?? [])]).toEqual(['access_token'])
})

it('leaves the calls plain that do not support it', async () => {
  await wechat.app(appid).code2Session({ loginCode })
  expect(standIn.seen.at(-1)?.headers['wechatmp-signature']).toBeUndefined()
})

it('refreshes a dead token that a sealed answer tells of, and seals anew', async () => {
  await wechat.app(appid).getAccessToken()
  standIn.replaceToken()
  standIn.route(phonePath, (seen) => {
    open(seen)
    return standIn.refusal(seen.query) === undefined
      ? seal(phonePath, phoneAnswer())
      : seal(phonePath, { errcode: 40001, errmsg: 'invalid credential' })
  })
  expect((await wechat.app(appid).getPhoneNumber({ phoneCode })).appid).toBe(appid)
  expect(standIn.count(phonePath)).toBe(2)
})

it('takes a plain error as it is', async () => {
  standIn.route(phonePath, () => ({
    errcode: 40234,
    errmsg: 'invalid signature rid: 617682e0-09059ac5-34a8e2ea',
  }))
  await expect(wechat.app(appid).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
    errcode: 40234,
    kind: 'config',
  })
})

it('refuses a plain success and an answer that was changed on its way', async () => {
  standIn.route(phonePath, () => phoneAnswer())
  await expect(wechat.app(appid).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
    code: 'ERR_WX_API_SECURITY',
  })
  standIn.route(phonePath, () => {
    const sealed = seal(phonePath, phoneAnswer())
    return { ...sealed, text: sealed.text.replace(/"data":"./, '"data":"_') }
  })
  await expect(wechat.app(appid).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
    code: 'ERR_WX_API_SECURITY',
  })
})
