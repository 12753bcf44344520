import { createCipheriv, createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  official,
  officialPlaintext,
  officialSignature,
  ownPhone,
  ownSessionSignature,
} from '../../test/vectors/encrypted-data.ts'
import { createSecret } from '../secret.ts'
import { decryptData } from './decrypt-data.ts'
import { decryptPhoneNumber } from './decrypt-phone-number.ts'
import { sessionSignature, verifyRawData } from './signatures.ts'

const ownSessionKey = officialSignature.sessionKey
const base64 = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => Buffer.from(bytes).toString('base64'))

function encryptAsWeChat(value: unknown, { sessionKey, iv }: { sessionKey: string; iv: string }): string {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64'))
  return cipher.update(JSON.stringify(value), 'utf8', 'base64') + cipher.final('base64')
}

const encrypted = (value: unknown) => ({ ...official, encryptedData: encryptAsWeChat(value, official) })
const watermark = { appid: official.appid, timestamp: 1_700_000_000 }

describe('decryptData', () => {
  it("decrypts WeChat's own example", async () => {
    expect(await decryptData(official)).toEqual(JSON.parse(officialPlaintext))
  })

  it('decrypts whatever was encrypted', async () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })
    await fc.assert(
      fc.asyncProperty(fields, base64(16), base64(16), async (fields, sessionKey, iv) => {
        const value = { ...fields, watermark }
        const encryptedData = encryptAsWeChat(value, { sessionKey, iv })
        const opened = await decryptData({ appid: official.appid, sessionKey, iv, encryptedData })
        expect(opened).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('names the session key whatever a wrong one makes of the data', async () => {
    await fc.assert(
      fc.asyncProperty(base64(16), async (sessionKey) => {
        fc.pre(sessionKey !== official.sessionKey)
        const decrypting = decryptData({ ...official, sessionKey })
        await expect(decrypting).rejects.toMatchObject({ code: 'ERR_WX_WRONG_SESSION_KEY' })
      }),
      // One wrong key in 256 passes the padding check: enough runs to meet some.
      { numRuns: 1000 },
    )
  })

  it('lets wrong padding go the way of right padding, so that no time tells them apart', async () => {
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    const data = Buffer.from(official.encryptedData, 'base64')
    for (let byte = 0; byte < 256; byte += 1) {
      // Of the last byte before the last block: it changes the length that the padding tells.
      data[data.length - 17] = byte
      const tampered = { ...official, encryptedData: data.toString('base64') }
      await decryptData(tampered).catch((error) => expect(error.code).toBe('ERR_WX_WRONG_SESSION_KEY'))
    }
    const outcomes = await Promise.allSettled(decrypt.mock.results.map(({ value }) => value))
    decrypt.mockRestore()
    expect(outcomes).toHaveLength(256)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
  })

  it.each([' ', '\n'])(
    'refuses %j in the place of padding, which a parser would not mind',
    async (filler) => {
      const [key, iv] = [official.sessionKey, official.iv].map((text) => Buffer.from(text, 'base64'))
      const text = JSON.stringify({ watermark })
      const cipher = createCipheriv('aes-128-cbc', key ?? '', iv ?? '').setAutoPadding(false)
      const filled = `${text.padEnd(text.length + 15 - (text.length % 16), ' ')}${filler}`
      const encryptedData = cipher.update(filled, 'utf8', 'base64') + cipher.final('base64')
      await expect(decryptData({ ...official, encryptedData })).rejects.toMatchObject({
        code: 'ERR_WX_WRONG_SESSION_KEY',
      })
    },
  )

  it.each([
    undefined,
    null,
    'text',
    {},
    { ...official, sessionKey: undefined },
    { ...official, sessionKey: null },
    { ...official, sessionKey: {} },
    { ...official, iv: undefined },
    { ...official, encryptedData: 5 },
    { ...official, appid: undefined },
    { ...official, maxAgeS: Number.NaN },
    { ...official, maxAgeS: '60' },
  ])('refuses input that is missing or of another type: %j', async (input) => {
    for (const decrypting of [decryptData(input as never), decryptPhoneNumber(input as never)]) {
      await expect(decrypting).rejects.toMatchObject({ name: 'WxUsageError', code: 'ERR_WX_BAD_OPTION' })
    }
  })

  it('tells what to do about a wrong session key in both languages', async () => {
    const decrypting = decryptData({ ...official, sessionKey: ownSessionKey })
    await expect(decrypting).rejects.toMatchObject({
      mustLoginAgain: true,
      texts: {
        en: expect.stringContaining('wx.login ran in between'),
        zh: expect.stringContaining('期间调用过 wx.login'),
      },
    })
  })

  it('takes the session key as the secret that code2Session gives', async () => {
    const sessionKey = createSecret(official.sessionKey)
    expect(await decryptData({ ...official, sessionKey })).toEqual(JSON.parse(officialPlaintext))
  })

  it.each([
    ['ERR_WX_BAD_OPTION', { sessionKey: 'dG9vIHNob3J0' }],
    ['ERR_WX_BAD_OPTION', { sessionKey: '' }],
    ['ERR_WX_BAD_OPTION', { sessionKey: '***' }],
    ['ERR_WX_BAD_OPTION', { iv: 'dG9vIHNob3J0' }],
    ['ERR_WX_BAD_OPTION', { iv: '***' }],
    ['ERR_WX_BAD_OPTION', { encryptedData: '' }],
    ['ERR_WX_BAD_OPTION', { encryptedData: 'dG9vIHNob3J0' }],
    ['ERR_WX_BAD_OPTION', { encryptedData: '***' }],
    ['ERR_WX_APPID_MISMATCH', { appid: 'wx0000000000000000' }],
    ['ERR_WX_DATA_TOO_OLD', { maxAgeS: 60, nowS: 1_477_314_187 + 61 }],
    ['ERR_WX_DATA_TOO_OLD', { maxAgeS: 60 }],
  ])('refuses by %s: %j', async (code, change) => {
    await expect(decryptData({ ...official, ...change })).rejects.toMatchObject({ code })
  })

  it('accepts data up to the allowed age', async () => {
    await expect(decryptData({ ...official, maxAgeS: 60, nowS: 1_477_314_187 + 60 })).resolves.toBeDefined()
  })

  it.each([{}, { watermark: {} }, { watermark: null }])(
    'refuses data without a watermark: %j',
    async (value) => {
      await expect(decryptData(encrypted(value))).rejects.toMatchObject({ code: 'ERR_WX_APPID_MISMATCH' })
    },
  )

  it('refuses data whose age cannot be told when an age limit is set', async () => {
    const ageless = encrypted({ watermark: { appid: official.appid } })
    await expect(decryptData({ ...ageless, maxAgeS: 60 })).rejects.toMatchObject({
      code: 'ERR_WX_DATA_TOO_OLD',
    })
  })
})

describe('decryptPhoneNumber', () => {
  const expected = {
    e164: '+8613580006666',
    nationalNumber: '13580006666',
    countryCallingCode: '86',
    capturedAt: new Date('2023-11-14T22:13:20Z'),
    appid: official.appid,
  }

  it('gives the number in its international form', async () => {
    expect(await decryptPhoneNumber(ownPhone)).toEqual(expected)
  })

  it('takes the country code as a number too', async () => {
    const data = encrypted({
      phoneNumber: '13580006666',
      purePhoneNumber: '13580006666',
      countryCode: 86,
      watermark,
    })
    expect(await decryptPhoneNumber(data)).toEqual(expected)
  })

  it('gives the number when its watermark has no time', async () => {
    const untimed = {
      purePhoneNumber: '13580006666',
      countryCode: '86',
      watermark: { appid: official.appid },
    }
    expect(await decryptPhoneNumber(encrypted(untimed))).toEqual({ ...expected, capturedAt: undefined })
  })

  it('says so when the data is of another kind', async () => {
    await expect(decryptPhoneNumber(official)).rejects.toMatchObject({ code: 'ERR_WX_NO_PHONE_NUMBER' })
  })
})

describe('verifyRawData', () => {
  it("accepts WeChat's own example, in either case", async () => {
    expect(await verifyRawData(officialSignature)).toBe(true)
    const signature = officialSignature.signature.toUpperCase()
    expect(await verifyRawData({ ...officialSignature, signature })).toBe(true)
  })

  it.each([
    ['data', { rawData: officialSignature.rawData.replace('Band', 'Bond') }],
    ['spacing', { rawData: `${officialSignature.rawData} ` }],
    ['session key', { sessionKey: official.sessionKey }],
    ['signature', { signature: officialSignature.signature.replace('7', '8') }],
    ['length of signature', { signature: officialSignature.signature.slice(1) }],
    ['signature', { signature: '' }],
    ['signature', { signature: undefined as never }],
    ['signature', { signature: null as never }],
    ['data', { rawData: undefined as never }],
  ])('refuses another %s', async (_, change) => {
    expect(await verifyRawData({ ...officialSignature, ...change })).toBe(false)
  })

  it('agrees with an independent SHA-1', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), base64(16), async (rawData, sessionKey) => {
        const signature = createHash('sha1').update(rawData).update(sessionKey).digest('hex')
        expect(await verifyRawData({ rawData, sessionKey, signature })).toBe(true)
      }),
    )
  })
})

describe('sessionSignature', () => {
  it('signs the empty message with the text of the key', async () => {
    expect(await sessionSignature(officialSignature.sessionKey)).toBe(ownSessionSignature)
  })

  it('agrees with an independent HMAC', async () => {
    await fc.assert(
      fc.asyncProperty(base64(16), async (sessionKey) => {
        expect(await sessionSignature(sessionKey)).toBe(
          createHmac('sha256', sessionKey).update('').digest('hex'),
        )
      }),
    )
  })
})
