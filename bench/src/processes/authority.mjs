// The rules of access tokens, kept as WeChat keeps them, and counted: who fetches, who is refused.
import { createServer } from 'node:http'
import { APPID } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const GRACE_MS = 300_000
const LIFE_S = 7200
const PHONE_INFO = {
  phoneNumber: '13580006666',
  purePhoneNumber: '13580006666',
  countryCode: '86',
  watermark: { timestamp: 1637744274, appid: APPID },
}

let rules
let counts
let minted = 0
/** Until when each token is accepted. */
let lives
/** The newest token of each kind; the two kinds are separate at WeChat too. */
let newest
let replacing

function mint(kind) {
  minted += 1
  const token = `${kind}-${minted}-${'t'.repeat(100)}`
  const former = newest[kind]
  if (former) lives.set(former, rules.isStrict ? 0 : Date.now() + GRACE_MS)
  newest[kind] = token
  lives.set(token, Date.now() + LIFE_S * 1000)
  return token
}

async function tokenCall(kind) {
  counts.tokenFetches += 1
  const token =
    kind === 'legacy'
      ? mint('legacy')
      : newest.stable && lives.get(newest.stable) > Date.now()
        ? newest.stable
        : mint('stable')
  await new Promise((resolve) => setTimeout(resolve, rules.tokenLatencyMs))
  if (rules.wrongSecretErrcode)
    return { errcode: rules.wrongSecretErrcode, errmsg: 'invalid appsecret rid: 0-0-0' }
  return { access_token: token, expires_in: LIFE_S }
}

function phoneCall(token) {
  counts.phoneCalls += 1
  if (rules.replaceEvery && counts.phoneCalls % rules.replaceEvery === 0) replace()
  if ((lives.get(token) ?? 0) > Date.now()) return { errcode: 0, errmsg: 'ok', phone_info: PHONE_INFO }
  return { errcode: 40001, errmsg: 'invalid credential, access_token is invalid or not latest rid: 0-0-0' }
}

/** Replaces the tokens for as long as the rules say, at moments that no client knows. */
function replaceLater() {
  clearTimeout(replacing)
  if (!rules.replaceEveryMs) return
  const [least, most] = rules.replaceEveryMs
  replacing = setTimeout(
    () => {
      replace()
      replaceLater()
    },
    least + Math.random() * (most - least),
  )
}

function replace() {
  mint('legacy')
  mint('stable')
  counts.replacements += 1
}

const server = createServer((request, response) => {
  request.resume().on('end', async () => {
    const url = new URL(request.url, 'http://weixin')
    const body = url.pathname.startsWith('/wxa/')
      ? phoneCall(url.searchParams.get('access_token'))
      : await tokenCall(url.pathname.endsWith('stable_token') ? 'stable' : 'legacy')
    const text = JSON.stringify(body)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text)
  })
})

server.listen(0, '127.0.0.1', () => {
  serveCommands({
    url: () => `http://127.0.0.1:${server.address().port}`,
    reset: (next) => {
      rules = { isStrict: false, tokenLatencyMs: 50, replaceEvery: 0, wrongSecretErrcode: 0, ...next }
      counts = { tokenFetches: 0, phoneCalls: 0, replacements: 0 }
      lives = new Map()
      newest = {}
      replaceLater()
    },
    change: (next) => {
      rules = { ...rules, ...next }
      replaceLater()
    },
    counts: () => counts,
  })
})
