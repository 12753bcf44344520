/**
 * A back end that serves the wire of `/v1/login`, and WeChat as the simulator plays it.
 *
 * @param {{ url: string, simulator: string, appid: string, user: string }} options
 */
export function createBackEnd({ url, simulator, appid, user }) {
  const root = url.replace(/\/+$/, '')

  async function ask(method, path, { body, token } = {}) {
    const response = await fetch(root + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    })
    const text = await response.text()
    return { status: response.status, text, body: parse(text) }
  }

  async function device(path, more) {
    const response = await fetch(`${simulator.replace(/\/+$/, '')}/_device/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appid, user, ...more }),
    })
    const { code, errMsg } = await response.json()
    if (!code) throw new Error(`${simulator} gave no code: ${errMsg}`)
    return code
  }

  return {
    appid,
    ask,
    login: (codes) => ask('POST', '/v1/login', { body: { appid, ...codes } }),
    /** A fresh login code of the person. */
    loginCode: () => device('login'),
    /** A fresh phone code: the person taps and allows. */
    phoneCode: () => device('phone', { component: 'quick', answer: 'allow', agreePrivacy: true }),
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
