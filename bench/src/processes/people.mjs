// People who sign in, so many at once. The codes of each login are made here; WeChat knows whose they are.
import { Pool } from 'undici'
import { APPID } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'
import { codesOf } from '../lib/people.mjs'

const pools = new Map()
/** The last refresh token of each person, by service. */
const tokens = new Map()
let use = 0

const bodies = {
  full: (person) => login(person, true),
  repeat: (person) => login(person, true),
  silent: (person) => login(person, false),
  refresh: (person, url) => ({
    path: '/v1/session/refresh',
    body: { refreshToken: tokens.get(`${url} ${person}`) },
  }),
}

function login(person, withPhone) {
  const { loginCode, phoneCode } = codesOf(person, use++)
  const client = { deviceId: `device-${person}` }
  return { path: '/v1/login', body: { appid: APPID, loginCode, ...(withPhone && { phoneCode }), client } }
}

async function call(url, kind, person) {
  const { path, body } = bodies[kind](person, url)
  if (!pools.has(url)) pools.set(url, new Pool(url))
  const startedAtMs = performance.now()
  const answer = await pools.get(url).request({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.body.text()
  const ms = performance.now() - startedAtMs
  if (answer.statusCode !== 200)
    throw new Error(`${kind} of ${person} at ${url}: ${answer.statusCode} ${text}`)
  const { session, refreshToken = session.refreshToken, isNew } = JSON.parse(text)
  if (isNew !== undefined && isNew !== (kind === 'full'))
    throw new Error(`${kind} of ${person}: new is ${isNew}`)
  tokens.set(`${url} ${person}`, refreshToken)
  return ms
}

serveCommands({
  /** @returns how long each took, and all together, in milliseconds */
  come: async ({ url, kind, from, count, inFlight }) => {
    let next = from
    const times = []
    const queue = async () => {
      while (next < from + count) times.push(await call(url, kind, next++))
    }
    const startedAtMs = performance.now()
    await Promise.all(Array.from({ length: Math.min(inFlight, count) }, queue))
    return { times, allMs: performance.now() - startedAtMs }
  },
})
