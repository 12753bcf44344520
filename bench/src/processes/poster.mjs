// Exchanges given codes on a bare Pool as fast as the server lets it.
import { Pool } from 'undici'
import { APP_SECRET, APPID, PHONE_PATH } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const headers = { 'content-type': 'application/json' }
const pools = new Map()
const post = async (url, path, body) => {
  if (!pools.has(url)) pools.set(url, new Pool(url, { connections: 64 }))
  const answer = await pools.get(url).request({ method: 'POST', path, headers, body: JSON.stringify(body) })
  return answer.body.json()
}

serveCommands({
  fetchToken: async (url) => {
    const body = { grant_type: 'client_credential', appid: APPID, secret: APP_SECRET }
    return (await post(url, '/cgi-bin/stable_token', body)).access_token
  },
  exchange: async ({ url, token, codes, inFlight }) => {
    const path = `${PHONE_PATH}?access_token=${token}`
    let next = 0
    const from = performance.now()
    const exchanger = async () => {
      while (next < codes.length) {
        const code = codes[next++]
        const answer = await post(url, path, { code })
        if (answer.phone_info?.purePhoneNumber !== '13580006666' && answer.code !== code)
          throw new Error(JSON.stringify(answer))
      }
    }
    await Promise.all(Array.from({ length: inFlight }, exchanger))
    return { perSecond: (codes.length / (performance.now() - from)) * 1000 }
  },
})
