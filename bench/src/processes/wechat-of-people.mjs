// WeChat at its fastest, for many people: the code says whose openid and number are answered.
import { APPID, PHONE_PATH } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'
import { numberOf, openidOf } from '../lib/people.mjs'
import { createSocketServer, jsonAnswer } from '../lib/socket-server.mjs'

const TOKEN = jsonAnswer({ access_token: `75_${'t'.repeat(133)}`, expires_in: 7200 })
/** What the service asks beside logins, such as how many calls are left. */
const OTHER = jsonAnswer({ errcode: 0, errmsg: 'ok' })
const SESSION_KEY = 'c2Vzc2lvbl9rZXlfMTIzNA=='

function phone(body) {
  const number = numberOf(JSON.parse(body).code)
  const watermark = { timestamp: Math.floor(Date.now() / 1000), appid: APPID }
  const phone_info = { phoneNumber: number, purePhoneNumber: number, countryCode: '86', watermark }
  return jsonAnswer({ errcode: 0, errmsg: 'ok', phone_info })
}

const server = createSocketServer(({ head, body }) => {
  const loginCode = /[?&]js_code=(\w+)/.exec(head)?.[1]
  if (loginCode) return jsonAnswer({ openid: openidOf(loginCode), session_key: SESSION_KEY })
  if (head.includes(PHONE_PATH)) return phone(body)
  return head.includes(' /cgi-bin/') ? TOKEN : OTHER
})

server.listen(0, '127.0.0.1', () => {
  serveCommands({ url: () => `http://127.0.0.1:${server.address().port}` })
})
