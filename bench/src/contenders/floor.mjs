import { Pool } from 'undici'

/** The least any client can do: the same POST on a bare Pool, with a token at hand and no care of any kind. */
export async function createFloor({ baseUrl, appid, appSecret }) {
  const pool = new Pool(baseUrl, { connections: 64 })
  const headers = { 'content-type': 'application/json' }
  const post = async (path, body) => {
    const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) })
    return answer.body.json()
  }
  const { access_token } = await post('/cgi-bin/stable_token', {
    grant_type: 'client_credential',
    appid,
    secret: appSecret,
  })
  return {
    getPhoneNumber: async (code) => {
      const body = await post(`/wxa/business/getuserphonenumber?access_token=${access_token}`, { code })
      if (body.errcode !== 0) throw new Error(`${body.errcode} ${body.errmsg}`)
      return body.phone_info
    },
  }
}
