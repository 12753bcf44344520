import { SimulatorError } from '../errors.ts'
import { readInput } from '../http/read-input.ts'
import type { Routes } from '../http/site.ts'
import { type PhoneNumber, parsePhoneNumber } from '../model/phone-numbers.ts'
import { restoreSnapshot, takeSnapshot } from '../model/snapshot.ts'
import { switchTable } from '../model/switch-table.ts'
import { openidOf } from '../model/users.ts'
import { describeClock, describeState } from './describe-state.ts'
import type { Host } from './host.ts'
import { inputs } from './inputs.ts'
import { describeLogEntry, streamEvents } from './log-view.ts'

/** What the control page and tests do to the simulator. */
export function createControlRoutes(host: Host): Routes {
  const model = () => host.model()
  return {
    'GET /_control/state': () => describeState(model()),
    'POST /_control/reset': ({ body }) => {
      host.reset(readInput(inputs.reset, body).seed)
      return describeClock(model())
    },

    'GET /_control/clock': () => describeClock(model()),
    'POST /_control/clock': ({ body }) => {
      const change = readInput(inputs.clock, body)
      const { clock } = model()
      if ('advanceMs' in change) clock.advance(change.advanceMs)
      else if ('nowMs' in change) clock.set(change.nowMs)
      else clock.freeze(change.frozen)
      return describeClock(model())
    },

    'GET /_control/switches': () => listSwitches(host),
    'POST /_control/switches': ({ body }) => {
      model().switches.set(readInput(inputs.switches, body))
      return listSwitches(host)
    },

    'GET /_control/faults': () => ({ faults: model().faults.list() }),
    'POST /_control/faults': ({ body }) => model().faults.add(readInput(inputs.fault, body)),
    'DELETE /_control/faults': ({ query }) => {
      const id = query.get('id')
      if (id === null) model().faults.clear()
      else if (!model().faults.remove(id)) {
        throw new SimulatorError(404, 'NO_SUCH_FAULT', {
          zh: `没有故障 ${id}。`,
          en: `There is no fault ${id}.`,
        })
      }
      return { faults: model().faults.list() }
    },

    'POST /_control/users': ({ body }) => {
      const { numbers, ...user } = readInput(inputs.user, body)
      return model().users.put({ ...user, numbers: numbers?.map(readNumber) })
    },
    'DELETE /_control/users': ({ query }) => {
      model().users.remove(query.get('name') ?? '')
      return { removed: true }
    },
    'POST /_control/apps': ({ body }) => {
      const { trial, ...input } = readInput(inputs.app, body)
      const { apps, billing } = model()
      const app = apps.put(input)
      for (const component of ['quick', 'realtime'] as const) {
        const size = trial?.[component]
        if (size !== undefined) billing.setTrial(app.appid, component, size)
      }
      return app
    },
    'DELETE /_control/apps': ({ query }) => {
      const { appid } = model().apps.get(query.get('appid') ?? '')
      return { removed: model().apps.remove(appid) }
    },

    'GET /_control/bill': ({ query }) => {
      const appid = query.get('appid')
      const { apps, billing } = model()
      if (appid !== null) return billing.bill(apps.get(appid).appid)
      return { bills: apps.list().map((app) => billing.bill(app.appid)) }
    },
    'POST /_control/packs': ({ body }) => {
      const { appid, component, size, startsAtMs, endsAtMs } = readInput(inputs.pack, body)
      const { apps, billing, clock } = model()
      return billing.addPack(apps.get(appid).appid, {
        component,
        size,
        startsAtMs: startsAtMs ?? clock.nowMs(),
        endsAtMs: endsAtMs ?? null,
      })
    },
    'POST /_control/privacy': ({ body }) => {
      const { appid, user, agreed } = readInput(inputs.privacy, body)
      const { apps, privacy } = model()
      privacy.set(appid, user, agreed)
      return privacy.setting(apps.get(appid), user)
    },
    'POST /_control/deny-next': ({ body }) => {
      const { count = 1, ...whom } = readInput(inputs.denyNext, body)
      model().denials.add({ ...whom, count })
      return { denials: model().denials.list() }
    },
    'POST /_control/tokens/replace': ({ body }) => {
      const { appid, kind = 'stable', strict = false } = readInput(inputs.replaceToken, body)
      const { apps, accessTokens } = model()
      return accessTokens.replace(apps.get(appid).appid, kind, strict)
    },
    'POST /_control/sessions/expire': ({ body }) => {
      const { appid, user } = readInput(inputs.expireSession, body)
      const openid = openidOf(model().apps.get(appid), user)
      model().sessions.expire(openid)
      return { openid }
    },

    'GET /_control/log': ({ query }) => {
      const since = Number(query.get('since') ?? 0)
      const limit = Number(query.get('limit') ?? 200)
      const entries = model().log.since(
        Number.isFinite(since) ? since : 0,
        Number.isFinite(limit) ? limit : 200,
      )
      return { on: model().log.isOn, entries: entries.map(describeLogEntry) }
    },
    'POST /_control/log': ({ body }) => {
      model().log.isOn = readInput(inputs.log, body).on
      return { on: model().log.isOn }
    },
    'GET /_control/events': (site) => streamEvents(host, site),

    'GET /_control/snapshot': () => takeSnapshot(model()),
    'PUT /_control/snapshot': ({ body }) => {
      host.replace((fresh) => restoreSnapshot(fresh, body))
      return describeClock(model())
    },
    'POST /_control/outage': ({ body }) => {
      const { durationMs } = readInput(inputs.outage, body)
      host.outage(durationMs)
      return { durationMs }
    },
  }
}

function listSwitches(host: Host): object {
  const values = host.model().switches.values()
  return {
    switches: Object.entries(switchTable).map(([key, entry]) => ({
      key,
      value: values[key as keyof typeof values],
      default: entry.default,
      values: entry.values,
      ...entry.text,
      source: entry.source,
    })),
  }
}

function readNumber(input: string | PhoneNumber): PhoneNumber {
  const number = parsePhoneNumber(input)
  if (number) return number
  throw new SimulatorError(400, 'BAD_NUMBER', {
    zh: '号码写法：13800138000、+85261234567，或 { countryCallingCode, nationalNumber }。',
    en: 'Write a number as 13800138000, +85261234567 or { countryCallingCode, nationalNumber }.',
  })
}
