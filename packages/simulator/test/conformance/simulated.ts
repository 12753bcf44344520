import type { Simulator } from '../../src/index.ts'
import { type Account, createTarget } from './target.ts'

export interface Detail {
  errMsg: string
  code?: string
  errno?: number
  encryptedData?: string
  iv?: string
}

/** The simulator as a target: with a phone at hand, and WeChat's own levers. All over HTTP. */
export type SimulatedTarget = ReturnType<typeof createSimulatedTarget>

export function createSimulatedTarget(simulator: Simulator) {
  const [app, shop, club, personal, officialAccount] = simulator.apps
  if (!app || !shop || !club || !personal || !officialAccount) throw new Error('the seed has five accounts')
  const target = createTarget(simulator.url, app)

  const control = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const reply = await (body ? target.post(`/_control/${path}`, body) : target.get(`/_control/${path}`))
    if (reply.status !== 200) throw new Error(`/_control/${path}: ${reply.text}`)
    return reply.json
  }
  const device = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const reply = await target.post(`/_device/${path}`, { appid: app.appid, user: '李雷', ...body })
    if (reply.status !== 200) throw new Error(`/_device/${path}: ${reply.text}`)
    return reply.json
  }
  /** A tap on the quick button and consent, unless told otherwise. */
  const tap = async (fields: object = {}) =>
    (await device('phone', { component: 'quick', answer: 'allow', ...fields })) as unknown as Detail
  const loginCode = async (fields: object = {}) => String((await device('login', fields)).code)

  return {
    // biome-ignore lint/nursery/noMisusedPromises: an object of functions, none of it is a promise
    ...target,
    /** Two mini programs of one open-platform account; the first one is bound to none. */
    shop: shop as Account,
    club: club as Account,
    personal: personal as Account,
    officialAccount: officialAccount as Account,
    control,
    device,
    tap,
    loginCode,
    /** The phone code of a tap with consent. */
    phoneCode: async (fields: object = {}) => String((await tap(fields)).code),
    openid: async (fields: object = {}) =>
      String((await target.code2Session(await loginCode(fields))).json.openid),
    advance: async (seconds: number) => void (await control('clock', { advanceMs: seconds * 1000 })),
    async bill(component: 'quick' | 'realtime' = 'quick'): Promise<Record<string, number>> {
      const { components } = await control(`bill?appid=${app.appid}`)
      return (components as Record<string, Record<string, number>>)[component] ?? {}
    },
  }
}
