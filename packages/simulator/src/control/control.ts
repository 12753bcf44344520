import type { Socket } from 'node:net'
import { SimulatorError } from '../errors.ts'
import { readInput } from '../http/read-input.ts'
import type { TokenKind } from '../model/access-tokens.ts'
import { type App, type AppInput, getMiniProgram } from '../model/apps.ts'
import { type Bill, components, type Pack } from '../model/billing.ts'
import type { PhoneComponent } from '../model/codes.ts'
import type { Fault, FaultInput } from '../model/faults.ts'
import type { NextEvent } from '../model/next-events.ts'
import { readNumber } from '../model/number-choice.ts'
import type { PhoneNumber } from '../model/phone-numbers.ts'
import { restoreSnapshot, type Snapshot, takeSnapshot } from '../model/snapshot.ts'
import type { SwitchValues } from '../model/switches.ts'
import { openidOf, type User } from '../model/users.ts'
import type { Host } from './host.ts'
import { inputs } from './inputs.ts'
import {
  describeSecurity,
  enableSecurity,
  finishRoll,
  rollPlatformKey,
  type SecurityInput,
  type SecurityKeys,
} from './security-keys.ts'
import { checkApp, checkFault, checkNextEvent, checkNumbers, checkPack, checkUser } from './sense.ts'

/**
 * What tests do to the simulator; the control endpoints are these over HTTP. Whatever would do nothing, or not what was
 * meant, is refused with a SimulatorError: `BAD_INPUT`, `NO_SENSE`, `UNKNOWN_APP`, `UNKNOWN_USER`.
 */
export interface Control {
  /** Starts afresh from the state it was started with. */
  reset(seed?: string): void
  /** @throws SimulatorError `BAD_SWITCH` */
  setSwitches(changes: Partial<SwitchValues>): void
  addFault(input: FaultInput): Fault
  /** @throws SimulatorError `NO_SUCH_FAULT` */
  removeFault(id: string): void
  clearFaults(): void
  /** Adds a user or changes the given fields of one. Numbers: `13800138000`, `+85261234567` or in two fields. */
  putUser(input: UserChange): User
  removeUser(name: string): void
  /** Adds an app or changes the given fields of one; `trial` sets the size of the free trial. */
  putApp(input: AppChange): App
  removeApp(appid: string): void
  bill(appid: string): Bill
  /** Buys calls. Without times: from now on, without end. */
  addPack(pack: PackInput): Pack
  setPrivacy(appid: string, user: string, agreed: boolean): void
  /** Orders refusals of the next sheets: of one app, one user, or whoever comes. */
  denyNext(whom?: Pick<NextEvent, 'appid' | 'user' | 'count'>): void
  /** Orders how the next taps end: with one of the wordings of real clients, or one of your own. */
  nextEvent(event: NextEvent): void
  /**
   * What another server of the same team would do: replaces the current token.
   * `strict`: the old one dies at once instead of in 5 minutes.
   */
  replaceToken(appid: string, options?: { kind?: TokenKind | undefined; strict?: boolean | undefined }): void
  /** Ends the session of a user, as WeChat may at any time; `false` when there was none. */
  expireSession(appid: string, user: string): boolean
  /** Switches API security on, with new keys where none are given. */
  enableSecurity(appid: string, keys?: SecurityInput): Promise<SecurityKeys>
  securityKeys(appid: string): SecurityKeys
  /** Begins a rollover of the platform key; with `finish`, ends it. */
  rollPlatformKey(appid: string, options?: { finish?: boolean | undefined }): Promise<SecurityKeys>
  disableSecurity(appid: string): void
  /** Turns the log of requests on or off. */
  setLog(on: boolean): void
  /** Everything but the log, as JSON. */
  snapshot(): Snapshot
  /** @throws SimulatorError `BAD_STATE` */
  restore(state: unknown): void
  /** Refuses every connection for a time, in real milliseconds. */
  outage(durationMs: number, asker?: Socket): void
}

export interface UserChange {
  name: string
  numbers?: ReadonlyArray<string | PhoneNumber> | undefined
  blocked?: boolean | undefined
}

export type AppChange = Omit<AppInput, 'apiSecurity'> & {
  trial?: { [C in PhoneComponent]?: number | undefined } | undefined
}

export interface PackInput {
  appid: string
  component: PhoneComponent
  size: number
  startsAtMs?: number | undefined
  endsAtMs?: number | null | undefined
}

export function createControl(host: Host): Control {
  const model = () => host.model()
  const appOf = (appid: string) => model().apps.get(appid)
  const securityOf = (appid: string) => {
    const { apiSecurity } = appOf(appid)
    if (apiSecurity) return apiSecurity
    throw new SimulatorError(409, 'SECURITY_OFF', {
      zh: `${appid} 没有开启 API 安全，先 POST /_control/security。`,
      en: `API security is off for ${appid}. Switch it on with POST /_control/security.`,
    })
  }
  const order = (event: NextEvent) => {
    checkNextEvent(event)
    if (event.appid !== undefined) getMiniProgram(model().apps, event.appid)
    if (event.user !== undefined) checkUser(event.user, model())
    model().nextEvents.add(event)
  }
  return {
    reset: (seed) => host.reset(readInput(inputs.reset, { seed }).seed),
    setSwitches: (changes) => model().switches.set(readInput(inputs.switches, changes)),
    addFault(input) {
      const fault = readInput(inputs.fault, input)
      checkFault(fault, model())
      return model().faults.add(fault)
    },
    removeFault(id) {
      if (model().faults.remove(id)) return
      throw new SimulatorError(404, 'NO_SUCH_FAULT', {
        zh: `没有故障 ${id}。`,
        en: `There is no fault ${id}.`,
      })
    },
    clearFaults: () => model().faults.clear(),
    putUser(input) {
      const { numbers, ...user } = readInput(inputs.user, input)
      const read = numbers?.map(readNumber)
      checkNumbers(read ?? [])
      return model().users.put({ ...user, numbers: read })
    },
    removeUser: (name) => model().users.remove(name),
    putApp(change) {
      const { trial, ...input } = readInput(inputs.app, change)
      checkApp(input)
      const app = model().apps.put(input)
      for (const component of components) {
        const size = trial?.[component]
        if (size !== undefined) model().billing.setTrial(app.appid, component, size)
      }
      return app
    },
    removeApp: (appid) => void model().apps.remove(appOf(appid).appid),
    bill: (appid) => model().billing.bill(appOf(appid).appid),
    addPack(input) {
      const given = readInput(inputs.pack, input)
      const { appid, startsAtMs = model().clock.nowMs(), endsAtMs = null, component, size } = given
      checkPack({ appid, startsAtMs, endsAtMs }, model())
      return model().billing.addPack(appid, { component, size, startsAtMs, endsAtMs })
    },
    setPrivacy(appid, user, agreed) {
      const input = readInput(inputs.privacy, { appid, user, agreed })
      const { name } = model().users.meet(input.user)
      model().privacy.set(getMiniProgram(model().apps, appid).appid, name, input.agreed)
    },
    denyNext: (whom = {}) => order({ ...readInput(inputs.denyNext, whom), ending: 'deny' }),
    nextEvent: (event) => order(readInput(inputs.nextEvent, event)),
    replaceToken(appid, options = {}) {
      const { kind = 'stable', strict = false } = readInput(inputs.replaceToken, { appid, ...options })
      model().accessTokens.replace(appOf(appid).appid, kind, strict)
    },
    expireSession(appid, userName) {
      const { user } = readInput(inputs.expireSession, { appid, user: userName })
      checkUser(user, model())
      return model().sessions.expire(openidOf(getMiniProgram(model().apps, appid), user))
    },
    enableSecurity: async (appid, keys = {}) => {
      const { appid: _, ...read } = readInput(inputs.security, { appid, ...keys })
      return enableSecurity(appOf(appid), read)
    },
    securityKeys: (appid) => describeSecurity(appid, securityOf(appid)),
    rollPlatformKey: async (appid, options = {}) => {
      const { finish = false } = readInput(inputs.rollKey, { appid, ...options })
      return finish ? finishRoll(appid, securityOf(appid)) : rollPlatformKey(appid, securityOf(appid))
    },
    disableSecurity(appid) {
      appOf(appid).apiSecurity = null
    },
    setLog(on) {
      model().log.isOn = readInput(inputs.log, { on }).on
    },
    snapshot: () => takeSnapshot(model()),
    restore: (state) => host.replace((fresh) => restoreSnapshot(fresh, state)),
    outage: (durationMs, asker) => host.outage(readInput(inputs.outage, { durationMs }).durationMs, asker),
  }
}
