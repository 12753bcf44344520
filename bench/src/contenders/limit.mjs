import { Pool } from 'undici'
import { fetchToken, phonePath, readPhone } from './bare.mjs'

/**
 * The least that undici can do: the same POST with the least handler on a Pool's `dispatch`, the answer parsed, a token
 * at hand and no care of any kind. A client on undici cannot cost less.
 */
export async function createLimit(options) {
  const pool = new Pool(options.baseUrl, { connections: 64 })
  const headers = { 'content-type': 'application/json' }
  const post = (path, body) =>
    new Promise((resolve, reject) => {
      const chunks = []
      pool.dispatch(
        { method: 'POST', path, headers, body: JSON.stringify(body) },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData: (_controller, chunk) => void chunks.push(chunk),
          onResponseEnd() {
            const only = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
            resolve(JSON.parse(only.toString()))
          },
          onResponseError: (_controller, error) => reject(error),
        },
      )
    })
  const path = phonePath(await fetchToken(post, options))
  return { getPhoneNumber: async (code) => readPhone(await post(path, { code })) }
}
