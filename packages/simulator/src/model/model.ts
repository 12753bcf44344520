import { createAccessTokens } from './access-tokens.ts'
import { createApps } from './apps.ts'
import { createBilling } from './billing.ts'
import { type Clock, createSimulatorClock } from './clock.ts'
import { createLoginCodes, createPhoneCodes } from './codes.ts'
import { createEncryptedMessages } from './encrypted-messages.ts'
import { createFaults } from './faults.ts'
import { createLogin } from './login.ts'
import { createNextEvents } from './next-events.ts'
import { createPhoneConsent } from './phone-consent.ts'
import type { PhoneNumber } from './phone-numbers.ts'
import { createPrivacy } from './privacy.ts'
import { createQuotas } from './quotas.ts'
import { createRandom } from './random.ts'
import { createMinuteCounter } from './rate-window.ts'
import { createRequestLog, type LogEntry } from './request-log.ts'
import { createRids } from './rids.ts'
import { createSessions } from './sessions.ts'
import { createSheets } from './sheets.ts'
import { createSwitches } from './switches.ts'
import { createUserInfo } from './user-info.ts'
import { createUsers } from './users.ts'

export interface ModelOptions {
  clock: Clock
  seed: string
  log: { isOn: boolean; capacity: number; publish: (entry: LogEntry) => void }
}

/**
 * WeChat as pure state: no sockets, no timers, no clock but the one given. Everything the simulator knows is
 * in here, so that a new model is a fresh start.
 */
export function createModel(options: ModelOptions) {
  const clock = createSimulatorClock(options.clock)
  const random = createRandom(options.seed)
  /** A stream of its own, so that faults do not change the codes and tokens of a run. */
  const faultRandom = createRandom(`${options.seed}|faults`)
  const switches = createSwitches()
  const apps = createApps(() => random.hex(32))
  const users = createUsers()
  const state = {
    seed: options.seed,
    clock,
    random,
    rids: createRids(options.seed),
    /** For hints and nonces: a stream of its own, so that errors change no code. */
    nonceRandom: createRandom(`${options.seed}|nonce`),
    switches,
    apps,
    users,
    accessTokens: createAccessTokens({ clock, random }),
    sessions: createSessions({ clock, random }),
    loginCodes: createLoginCodes(clock),
    phoneCodes: createPhoneCodes(clock),
    privacy: createPrivacy({ clock, switches }),
    billing: createBilling({ clock, random }),
    quotas: createQuotas(clock),
    loginsByUser: createMinuteCounter(clock),
    encryptedMessages: createEncryptedMessages(clock),
    sheets: createSheets({ clock, random }),
    nextEvents: createNextEvents(),
    /** The number a user gave an app the last time, by `appid user`: a tag on the sheet. */
    lastProvided: new Map<string, PhoneNumber>(),
    faults: createFaults(faultRandom),
    faultRandom,
    log: createRequestLog(options.log.capacity, options.log.isOn, options.log.publish),
  }
  return {
    ...state,
    login: createLogin(state),
    userInfo: createUserInfo(state),
    consent: createPhoneConsent(state),
  }
}

export type Model = ReturnType<typeof createModel>
