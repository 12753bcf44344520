import { Pool } from 'undici'
import { fetchToken, phonePath, readPhone } from './bare.mjs'

/** The same POST as most would write it with undici: `request` on a Pool. */
export async function createUndiciRequest(options) {
  const pool = new Pool(options.baseUrl, { connections: 64 })
  const headers = { 'content-type': 'application/json' }
  const post = async (path, body) => {
    const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) })
    return answer.body.json()
  }
  const path = phonePath(await fetchToken(post, options))
  return { getPhoneNumber: async (code) => readPhone(await post(path, { code })) }
}
