import { createDecipheriv, createHash, createHmac } from 'node:crypto'
import { expect } from 'vitest'
import { expectRefusal, type Row } from './row.ts'
import type { Detail, SimulatedTarget } from './simulated.ts'
import type { Reply } from './target.ts'

interface Session {
  openid: string
  session_key: string
}

async function signIn(t: SimulatedTarget): Promise<Session> {
  return (await t.code2Session(await t.loginCode())).json as unknown as Session
}

async function sessionCall(t: SimulatedTarget, name: string, session: Session, fields = {}): Promise<Reply> {
  return t.get(`/wxa/${name}`, {
    access_token: await t.token(),
    openid: session.openid,
    signature: createHmac('sha256', session.session_key).update('').digest('hex'),
    sig_method: 'hmac_sha256',
    ...fields,
  })
}

/** Decrypts as a back end would, independently of the simulator. */
export function decrypt(
  sessionKey: string,
  detail: Pick<Detail, 'encryptedData' | 'iv'>,
): Record<string, unknown> {
  const [key, iv] = [Buffer.from(sessionKey, 'base64'), Buffer.from(detail.iv ?? '', 'base64')]
  const decipher = createDecipheriv('aes-128-cbc', key, iv)
  return JSON.parse(decipher.update(detail.encryptedData ?? '', 'base64', 'utf8') + decipher.final('utf8'))
}

export const sessions: Row[] = [
  {
    section: '5',
    fact: 'wx.login answers a code and login:ok',
    simulated: async (t) => {
      expect(await t.device('login', {})).toEqual({ code: expect.any(String), errMsg: 'login:ok' })
    },
  },
  {
    section: '5',
    fact: 'wx.checkSession tells whether the session_key still lives',
    simulated: async (t) => {
      expect((await t.device('check-session', {})).errMsg).toContain('checkSession:fail')
      await signIn(t)
      expect(await t.device('check-session', {})).toEqual({ errMsg: 'checkSession:ok' })
      await t.control('sessions/expire', { appid: t.app.appid, user: '李雷' })
      expect((await t.device('check-session', {})).errMsg).toContain('checkSession:fail')
    },
  },
  {
    section: '5',
    fact: 'a session that is not used dies',
    simulated: async (t) => {
      const session = await signIn(t)
      await t.advance(4 * 86_400)
      expect((await sessionCall(t, 'checksession', session)).json.errcode).toBe(87007)
    },
  },
  {
    section: '5',
    fact: 'a new login replaces the session_key, unless switched',
    simulated: async (t) => {
      const first = await signIn(t)
      const second = await signIn(t)
      expect(second.session_key).not.toBe(first.session_key)
      expectRefusal(await sessionCall(t, 'checksession', first), 87009, 'invalid signature')
      await t.control('switches', { 'session-key-on-login': 'kept' })
      expect((await signIn(t)).session_key).toBe(second.session_key)
    },
  },
  {
    section: '5.1',
    fact: 'checksession takes HMAC-SHA256 of nothing under the session_key as delivered',
    simulated: async (t) => {
      expect((await sessionCall(t, 'checksession', await signIn(t))).json).toEqual({
        errcode: 0,
        errmsg: 'ok',
      })
    },
  },
  {
    section: '5.1',
    fact: 'a decoded key, or key and message swapped, answers 87009',
    simulated: async (t) => {
      const session = await signIn(t)
      const decoded = createHmac('sha256', Buffer.from(session.session_key, 'base64'))
        .update('')
        .digest('hex')
      const swapped = createHmac('sha256', '').update(session.session_key).digest('hex')
      for (const signature of [decoded, swapped]) {
        expectRefusal(
          await sessionCall(t, 'checksession', session, { signature }),
          87009,
          'invalid signature',
        )
      }
    },
  },
  {
    section: '5.1',
    fact: 'another sig_method answers 87008',
    simulated: async (t) => {
      const reply = await sessionCall(t, 'checksession', await signIn(t), { sig_method: 'md5' })
      expectRefusal(reply, 87008, 'invalid sig_method')
    },
  },
  {
    section: '5.2',
    fact: 'resetusersessionkey is GET and gives a new key; the old one dies',
    simulated: async (t) => {
      const old = await signIn(t)
      const { json } = await sessionCall(t, 'resetusersessionkey', old)
      expect(json).toEqual({ errcode: 0, errmsg: 'ok', openid: old.openid, session_key: expect.any(String) })
      expect(json.session_key).not.toBe(old.session_key)
      expectRefusal(await sessionCall(t, 'checksession', old), 87009, 'invalid signature')
      expect((await sessionCall(t, 'checksession', json as unknown as Session)).json.errcode).toBe(0)
      const posted = await t.post('/wxa/resetusersessionkey', '{}', {
        query: { access_token: await t.token() },
      })
      expectRefusal(posted, 43001, 'require GET method')
    },
  },
  {
    section: '5.2',
    fact: 'the new key inherits the old expiry',
    simulated: async (t) => {
      const old = await signIn(t)
      await t.advance(2.9 * 86_400)
      const fresh = (await sessionCall(t, 'resetusersessionkey', old)).json as unknown as Session
      await t.advance(0.2 * 86_400)
      const text = 'session_key is not existd or expired'
      expectRefusal(await sessionCall(t, 'resetusersessionkey', fresh), 87007, text)
    },
  },
  {
    section: '5.2',
    fact: 'missing parameters answer 40097',
    simulated: async (t) => {
      const reply = await sessionCall(t, 'resetusersessionkey', await signIn(t), { openid: '' })
      expectRefusal(reply, 40097, 'invalid args')
    },
  },
  {
    section: '5.3',
    fact: 'checkencryptedmsg knows what WeChat encrypted in the last 3 days, spelled vaild',
    simulated: async (t) => {
      const { encryptedData = '' } = await t.tap()
      const hash = createHash('sha256').update(encryptedData).digest('hex')
      const ask = async (encrypted_msg_hash: string) =>
        (
          await t.post(
            '/wxa/business/checkencryptedmsg',
            { encrypted_msg_hash },
            { query: { access_token: await t.token() } },
          )
        ).json
      expect(await ask(hash)).toEqual({
        errcode: 0,
        errmsg: 'ok',
        vaild: true,
        create_time: expect.any(Number),
      })
      expect(await ask('0'.repeat(64))).toMatchObject({ errcode: 0, vaild: false })
      await t.advance(3 * 86_400 + 1)
      expect(await ask(hash)).toMatchObject({ errcode: 0, vaild: false })
    },
  },
]

export const encryptedData: Row[] = [
  {
    section: '6',
    fact: 'encryptedData opens with the session_key and has the number and the watermark',
    simulated: async (t) => {
      const { session_key } = await signIn(t)
      expect(decrypt(session_key, await t.tap())).toEqual({
        phoneNumber: '13580006666',
        purePhoneNumber: '13580006666',
        countryCode: '86',
        watermark: { timestamp: expect.any(Number), appid: t.app.appid },
      })
    },
  },
  {
    section: '6',
    fact: 'a login between the tap and the decryption breaks it',
    simulated: async (t) => {
      await signIn(t)
      const detail = await t.tap()
      const { session_key } = await signIn(t)
      let opened: unknown
      try {
        opened = decrypt(session_key, detail)
      } catch {
        opened = undefined
      }
      expect(opened).toBeUndefined()
    },
  },
]
