import { createSimulator } from '@haoma/simulator'

/** The apps the simulator starts with; the second and the third share an open platform. */
export const apps = {
  single: { appid: 'wx5f0a3c9e7b1d2468', appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' },
  shop: { appid: 'wx6a1b4d8f0c2e3579', appSecret: '1a2b3c4d5e6f708192a3b4c5d6e7f801' },
  club: { appid: 'wx7b2c5e9a1d3f4680', appSecret: '2b3c4d5e6f708192a3b4c5d6e7f8091a' },
}

export const paths = {
  login: '/sns/jscode2session',
  phone: '/wxa/business/getuserphonenumber',
  token: '/cgi-bin/stable_token',
}

const LOG_SIZE = 10_000

interface Fault {
  kind: string
  path?: string
  count?: number
  errcode?: number
  spend?: boolean
  latencyMs?: number
}

/** Keys of API security, as the control API gives them. */
export interface SecurityKeys {
  symmetricKey: string
  symmetricSerial: string
  appPrivateKey: string
  platform: { serial: string; publicKey: string }[]
}

export interface SimulatedWeChat {
  url: string
  /** What `wx.login` gives this user. */
  loginCode(user: string, appid?: string): Promise<string>
  /** What the button event gives this user who allows it. */
  phoneCode(user: string, tap?: { appid?: string; component?: string; number?: string }): Promise<string>
  addUser(name: string, numbers: string[]): Promise<void>
  /** Changes an app; what is not named stays. */
  setApp(app: { appid: string } & Record<string, unknown>): Promise<void>
  /** Switches API security on for an app, and gives the keys that the console would show. */
  enableSecurity(appid: string): Promise<SecurityKeys>
  fault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  advance(ms: number): Promise<void>
  /** What another server of the team would do: the token of an app is replaced, and dies at once unless `overlap`. */
  replaceToken(appid: string, options?: { overlap?: boolean }): Promise<void>
  /** How often each phone code was exchanged with success, whether or not the answer arrived. */
  exchanges(): Promise<Map<string, number>>
  /** How many calls of this path arrived. */
  calls(path: string): Promise<number>
  close(): Promise<void>
}

/** Starts WeChat on this machine and plays its users, over HTTP as anybody would. */
export async function startWeChat(): Promise<SimulatedWeChat> {
  const simulator = await createSimulator({ log: LOG_SIZE })
  // biome-ignore lint/suspicious/noExplicitAny: answers of another program
  const request = async (method: string, path: string, body?: unknown): Promise<any> => {
    const response = await fetch(new URL(path, simulator.url), {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  const log = async (): Promise<{ path: string; requestBody: string; responseBody: string }[]> =>
    (await request('GET', `/_control/log?limit=${LOG_SIZE}`)).entries
  return {
    url: simulator.url,
    loginCode: async (user, appid = apps.single.appid) =>
      (await request('POST', '/_device/login', { appid, user })).code,
    phoneCode: async (user, { appid = apps.single.appid, component = 'quick', number } = {}) => {
      await request('POST', '/_control/privacy', { appid, user, agreed: true })
      const tap = { appid, user, component, answer: 'allow', ...(number && { number }) }
      const answer = await request('POST', '/_device/phone', tap)
      const code = answer.code ?? answer.detail?.code
      if (!code) throw new Error(`no code: ${JSON.stringify(answer)}`)
      return code
    },
    addUser: (name, numbers) => request('POST', '/_control/users', { name, numbers }),
    setApp: (app) => request('POST', '/_control/apps', app),
    enableSecurity: (appid) => request('POST', '/_control/security', { appid }),
    fault: (fault) => request('POST', '/_control/faults', fault),
    clearFaults: () => request('DELETE', '/_control/faults'),
    advance: (ms) => request('POST', '/_control/clock', { advanceMs: ms }),
    replaceToken: (appid, { overlap = false } = {}) =>
      request('POST', '/_control/tokens/replace', { appid, kind: 'stable', strict: !overlap }),
    exchanges: async () => {
      const counts = new Map<string, number>()
      for (const { path, requestBody, responseBody } of await log()) {
        if (path !== paths.phone || !responseBody.includes('phone_info')) continue
        const { code } = JSON.parse(requestBody)
        counts.set(code, (counts.get(code) ?? 0) + 1)
      }
      return counts
    },
    calls: async (path) => {
      return (await log()).filter((entry) => entry.path === path).length
    },
    close: () => simulator.close(),
  }
}
