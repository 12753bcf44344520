// A login service by hand: node:http, the same calls to WeChat, the least SQL that stores the same facts; no framework,
// no limits, no retries, no second process.
import { createServer } from 'node:http'
import { Pool } from 'undici'
import {
  codeKey,
  endedEvent,
  entryRow,
  intentOf,
  mask,
  maskedSubject,
  newId,
  newMemberRows,
  newSession,
  open,
  phoneSubject,
  refreshed,
  sessionRow,
  tokensOf,
  usedRow,
} from '../floor/facts.mjs'
import { openPostgresFloor } from '../floor/postgres.mjs'
import { openSqliteFloor } from '../floor/sqlite.mjs'
import { APP_SECRET, APPID, PHONE_PATH } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

let db
let wechat
let accessToken
const journal = []

const askWeChat = async (path, body) => {
  const { body: answer } = await wechat.request({
    path,
    method: body ? 'POST' : 'GET',
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return answer.json()
}

async function login({ loginCode, phoneCode, client: { deviceId } }) {
  const startedAtMs = Date.now()
  const requestId = newId()
  const { sql } = db
  const codes = phoneCode ? { login: loginCode, phone: phoneCode } : { login: loginCode }
  const intents = Object.entries(codes).map(([kind, code]) =>
    intentOf({ kind, code, deviceId, requestId, nowMs: startedAtMs }),
  )
  const written = await db.open(phoneCode ? sql.openTwo : sql.openOne, intents.flat())
  if (written !== intents.length) throw new Error('a code was used before')
  const query = `appid=${APPID}&secret=${APP_SECRET}&js_code=${loginCode}&grant_type=authorization_code`
  const { openid } = await askWeChat(`/sns/jscode2session?${query}`)
  let phone
  if (phoneCode) {
    const body = { code: phoneCode, openid }
    const { phone_info } = await askWeChat(`${PHONE_PATH}?access_token=${accessToken}`, body)
    const e164 = `+${phone_info.countryCode}${phone_info.purePhoneNumber}`
    phone = { e164, subject: phoneSubject(e164), masked: maskedSubject(e164) }
  }
  const wechatMs = Date.now() - startedAtMs
  const facts = { openid, phone, deviceId, requestId, wechatMs, keys: intents.map(([key]) => key) }
  const { session, e164, isNew } = await db.transaction(() => signIn(facts, startedAtMs))
  const nowMs = Date.now()
  const answer = {
    member: { id: session.memberId, phone: { bound: true, masked: mask(e164) } },
    session: tokensOf(session, nowMs),
    isNew,
  }
  const steps = JSON.stringify([
    { step: 'written-down', atMs: 0 },
    { step: 'asked-wechat', ms: wechatMs },
    { step: 'stored', atMs: nowMs - startedAtMs },
  ])
  journal.push([
    ...[requestId, requestId.slice(-8), startedAtMs, 'login', APPID, phone ? 'quick' : null, 'ok', openid],
    ...[session.memberId, session.id, deviceId, codeKey('login', loginCode)],
    ...[phoneCode ? codeKey('phone', phoneCode) : null, phone?.masked ?? null, phone?.subject ?? null],
    ...[wechatMs, nowMs - startedAtMs, steps],
  ])
  return answer
}

/** The statements of one transaction; those of one step do not wait for each other. */
function* signIn({ openid, phone, deviceId, requestId, wechatMs, keys }, seenAtMs) {
  const { sql } = db
  const [found] = yield [[sql.findPeople, [APPID, openid, phone?.subject ?? '']]]
  const nowMs = Date.now()
  const memberId = found[0]?.member_id ?? newId()
  if (found.some((one) => one.member_id !== memberId || one.state !== 'active')) throw new Error('a conflict')
  const session = newSession(memberId)
  const masked = phone?.masked ?? null
  const used = usedRow({ openid, wechatMs, memberId, sessionId: session.id, masked, nowMs, keys })
  const both = [
    [sql.addSession, sessionRow(session, { openid, deviceId, nowMs })],
    [phone ? sql.useTwo : sql.useOne, used],
  ]
  if (phone) {
    const entry = { key: keys[1], openid, memberId, masked, requestId, wechatMs, seenAtMs, nowMs }
    both.push([sql.addEntry, entryRow(entry)])
  }
  if (found.length === 0) {
    const { member, identities, binding, events } = newMemberRows({ memberId, openid, phone, nowMs })
    const rows = [
      [sql.addMember, member],
      [sql.addIdentities, identities],
      [sql.addBinding, binding],
      [sql.addEvents, events],
    ]
    yield last([...rows, ...both])
    return { session, e164: phone.e164, isNew: true }
  }
  const known = found.find(({ provider }) => provider === 'phone')
  // The member has a session on this device, which ends; so one event is counted.
  const [ofDevice, surplus, [{ event_seq: seq }]] = yield [
    [sql.endOfDevice, [nowMs, 'replaced', memberId, APPID, deviceId]],
    [sql.endSurplus, [nowMs, 'too-many', memberId, APPID]],
    [sql.countEvent, [nowMs, memberId]],
    ...(phone ? [[sql.confirmNumber, [nowMs, phone.subject, nowMs]]] : []),
    ...both,
  ]
  const ended = [...ofDevice, ...surplus]
  yield last(ended.map(({ id }) => [sql.addEvent, endedEvent({ memberId, sessionId: id, seq, nowMs })]))
  return { session, e164: open(known.sealed), isNew: false }
}

const last = (statements) => Object.assign(statements, { isLast: true })

async function refresh({ refreshToken }) {
  const { sql } = db
  const asked = refreshed(refreshToken)
  const [found] = await db.read(sql.findSession, [asked.id])
  const nowMs = Date.now()
  const lives = found.state === 'active' && found.ended_at_ms === null && found.expires_at_ms > nowMs
  if (!lives || !asked.isGenuine(found.salt) || found.generation !== asked.generation)
    throw new Error('no session')
  const generation = asked.generation + 1
  await db.write(sql.rotate, [generation, nowMs, nowMs, nowMs + 30 * 86_400_000, asked.id, asked.generation])
  return tokensOf({ id: asked.id, memberId: found.member_id, salt: found.salt, generation }, nowMs)
}

const routes = { '/v1/login': login, '/v1/session/refresh': refresh }

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    let status = 200
    let answer
    try {
      answer = await routes[request.url](JSON.parse(Buffer.concat(chunks).toString()))
    } catch (error) {
      status = 500
      answer = { error: String(error.stack) }
    }
    const text = JSON.stringify(answer)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    response.writeHead(status, headers).end(text)
  })
})

/** The journal is written once a second, as the service writes it. */
setInterval(async () => {
  const rows = journal.splice(0, 500)
  if (rows.length > 0) await db.write(db.sql.addJournal(rows.length), rows.flat())
}, 1000)

server.listen(0, '127.0.0.1', () => {
  serveCommands({
    start: async ({ wechatUrl, database }) => {
      db = database.path ? openSqliteFloor(database.path) : openPostgresFloor(database.url)
      wechat = new Pool(wechatUrl)
      const token = await askWeChat('/cgi-bin/stable_token', { appid: APPID, secret: APP_SECRET })
      accessToken = token.access_token
      return `http://127.0.0.1:${server.address().port}`
    },
    cpu: () => process.cpuUsage(),
  })
})
