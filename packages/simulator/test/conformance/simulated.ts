import type { Simulator } from '../../src/index.ts'
import { type Account, Target } from './target.ts'

export interface Detail {
  errMsg: string
  code?: string
  errno?: number
  encryptedData?: string
  iv?: string
}

/** The simulator as a target: with a phone at hand, and WeChat's own levers. All over HTTP. */
export class SimulatedTarget extends Target {
  /** A second mini program, bound to an open-platform account as the third is. */
  readonly shop: Account
  readonly club: Account
  readonly personal: Account
  readonly officialAccount: Account

  constructor(simulator: Simulator) {
    const [app, shop, club, personal, officialAccount] = simulator.apps
    if (!app || !shop || !club || !personal || !officialAccount) throw new Error('the seed has five accounts')
    super(simulator.url, app)
    this.shop = shop
    this.club = club
    this.personal = personal
    this.officialAccount = officialAccount
  }

  async control(path: string, body?: object): Promise<Record<string, unknown>> {
    const reply = await (body ? this.post(`/_control/${path}`, body) : this.get(`/_control/${path}`))
    if (reply.status !== 200) throw new Error(`/_control/${path}: ${reply.text}`)
    return reply.json
  }

  async device(path: string, body: object): Promise<Record<string, unknown>> {
    const reply = await this.post(`/_device/${path}`, { appid: this.app.appid, user: '李雷', ...body })
    if (reply.status !== 200) throw new Error(`/_device/${path}: ${reply.text}`)
    return reply.json
  }

  /** A tap on the quick button and consent, unless told otherwise. */
  async tap(fields: object = {}): Promise<Detail> {
    return (await this.device('phone', {
      component: 'quick',
      answer: 'allow',
      ...fields,
    })) as unknown as Detail
  }

  /** The phone code of a tap with consent. */
  async phoneCode(fields: object = {}): Promise<string> {
    return String((await this.tap(fields)).code)
  }

  async loginCode(fields: object = {}): Promise<string> {
    return String((await this.device('login', fields)).code)
  }

  async openid(fields: object = {}): Promise<string> {
    return String((await this.code2Session(await this.loginCode(fields))).json.openid)
  }

  async advance(seconds: number): Promise<void> {
    await this.control('clock', { advanceMs: seconds * 1000 })
  }

  async bill(component: 'quick' | 'realtime' = 'quick'): Promise<Record<string, number>> {
    const { components } = await this.control(`bill?appid=${this.app.appid}`)
    return (components as Record<string, Record<string, number>>)[component] ?? {}
  }
}
