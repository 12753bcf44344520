// What is stored of one login, as lists of values in the order of the statements; and what a client is given.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto'
import { APPID } from '../lib/facts.mjs'

const DAY_MS = 86_400_000
const ACCESS_S = 900
const key = randomBytes(32)
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const hash = (...parts) => createHmac('sha256', key).update(parts.join('\0')).digest('hex')
const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const JWT_HEAD = base64({ alg: 'ES256', typ: 'JWT' })

/** A UUID of version 7, so that rows are appended to their indexes. */
export function newId() {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = (bytes[6] & 0x0f) | 0x70
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const codeKey = (kind, code) => hash(kind, APPID, code)
export const phoneSubject = (e164) => hash('phone', e164)
export const maskedSubject = (e164) => hash('masked', mask(e164))
export const mask = (e164) => `${e164.slice(3, 6)}****${e164.slice(-4)}`

function seal(text) {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

export function open(sealed) {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(-16))
  return decipher.update(bytes.subarray(12, -16)).toString() + decipher.final()
}

export function intentOf({ kind, code, deviceId, requestId, nowMs }) {
  const component = kind === 'phone' ? 'quick' : null
  const owner = `login:${deviceId}`
  const lease = ['floor', nowMs + 15_000]
  const intent = [codeKey(kind, code), kind, APPID, 'open', 'login', owner, component, deviceId, requestId, 1]
  return [...intent, ...lease, nowMs, nowMs + 360_000]
}

const mac = ({ id, generation, salt }) =>
  createHmac('sha256', key).update(`${id}.${generation}.${salt}`).digest('base64url')

export function newSession(memberId) {
  return { id: newId(), memberId, generation: 1, salt: randomBytes(32).toString('base64url') }
}

export const sessionRow = ({ id, memberId, salt }, { openid, deviceId, nowMs }) => [
  id,
  memberId,
  APPID,
  'wechat',
  openid,
  deviceId,
  salt,
  1,
  nowMs,
  nowMs,
  nowMs,
  nowMs + 30 * DAY_MS,
  nowMs + 365 * DAY_MS,
]

export function refreshed(token) {
  const [, id, generation, given] = token.split('.')
  const asked = { id, generation: Number(generation) }
  return { ...asked, isGenuine: (salt) => given === mac({ ...asked, salt }) }
}

export function tokensOf(session, nowMs) {
  const iat = Math.floor(nowMs / 1000)
  const { id: sid, memberId: sub, generation: gen } = session
  const claims = base64({ iss: 'floor', aud: APPID, sub, sid, gen, iat, exp: iat + ACCESS_S })
  const signed = `${JWT_HEAD}.${claims}`
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return {
    accessToken: `${signed}.${signature.toString('base64url')}`,
    expiresInS: ACCESS_S,
    refreshToken: ['hrt', sid, gen, mac(session)].join('.'),
    refreshExpiresInS: 30 * 86_400,
  }
}

/** Rows of a member, who is new, and of the number. */
export function newMemberRows({ memberId, openid, phone, nowMs }) {
  const { e164, subject, masked } = phone
  const sealed = seal(e164)
  return {
    member: [memberId, 'active', 2, nowMs, nowMs],
    identities: [
      ...['wechat-openid', APPID, openid, memberId, null, null, null, null, nowMs, nowMs],
      ...['phone', '*', subject, memberId, sealed, 'CN', masked, 'quick', nowMs, nowMs],
    ],
    binding: [newId(), memberId, subject, sealed, masked, 'quick', APPID, openid, nowMs, nowMs],
    events: [
      ...[newId(), 'member.created', APPID, memberId, '{}', nowMs, 1],
      ...[newId(), 'phone.bound', APPID, memberId, '{"verifiedBy":"quick"}', nowMs, 2],
    ],
  }
}

export const usedRow = ({ openid, wechatMs, memberId, sessionId, masked, nowMs, keys }) => [
  openid,
  wechatMs,
  memberId,
  sessionId,
  masked,
  nowMs,
  ...keys,
]

export const entryRow = ({ key, openid, memberId, masked, requestId, wechatMs, seenAtMs, nowMs }) => [
  newId(),
  key,
  APPID,
  'login',
  'quick',
  'used',
  '',
  'intent',
  1,
  30,
  0,
  openid,
  memberId,
  masked,
  requestId,
  1,
  wechatMs,
  seenAtMs,
  nowMs,
]

export const endedEvent = ({ memberId, sessionId, seq, nowMs }) => [
  newId(),
  'session.ended',
  APPID,
  memberId,
  JSON.stringify({ sessionId, reason: 'replaced' }),
  nowMs,
  seq,
]
