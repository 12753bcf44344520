import type { ServerResponse } from 'node:http'
import { SimulatorError } from '../errors.ts'
import { readInput } from '../http/read-input.ts'
import type { Routes } from '../http/site.ts'
import type { FaultInput } from '../model/faults.ts'
import type { NextEvent } from '../model/next-events.ts'
import { phoneEndings } from '../model/phone-endings.ts'
import { switchTable } from '../model/switch-table/index.ts'
import type { Switches, SwitchKey, SwitchValues } from '../model/switches.ts'
import type { AppChange, Control, PackInput, UserChange } from './control.ts'
import { describeClock, describeState } from './describe-state.ts'
import type { Host } from './host.ts'
import { inputs } from './inputs.ts'
import { describeLogEntry, streamEvents } from './log-view.ts'

/** What the control page and tests do to the simulator, over HTTP. */
export function createControlRoutes(host: Host, control: Control): Routes {
  const model = () => host.model()
  return {
    'GET /_control/state': () => describeState(model()),
    'POST /_control/reset': ({ body }) => {
      control.reset(readInput(inputs.reset, body).seed)
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

    'GET /_control/switches': () => listSwitches(model().switches),
    'POST /_control/switches': ({ body }) => {
      control.setSwitches(body as Partial<SwitchValues>)
      return listSwitches(model().switches)
    },

    'GET /_control/faults': () => ({ faults: model().faults.list() }),
    'POST /_control/faults': ({ body }) => control.addFault(body as FaultInput),
    'DELETE /_control/faults': ({ query }) => {
      const { id } = readInput(inputs.faultId, Object.fromEntries(query))
      if (id === undefined) control.clearFaults()
      else control.removeFault(id)
      return { faults: model().faults.list() }
    },

    'POST /_control/users': ({ body }) => control.putUser(body as UserChange),
    'DELETE /_control/users': ({ query }) => {
      control.removeUser(readInput(inputs.userName, Object.fromEntries(query)).name)
      return { removed: true }
    },
    'POST /_control/apps': ({ body }) => control.putApp(body as AppChange),
    'DELETE /_control/apps': ({ query }) => {
      control.removeApp(appidIn(query))
      return { removed: true }
    },

    'GET /_control/bill': ({ query }) => {
      const { appid } = readInput(inputs.maybeAppid, Object.fromEntries(query))
      if (appid !== undefined) return control.bill(appid)
      return {
        bills: model()
          .apps.list()
          .map((app) => control.bill(app.appid)),
      }
    },
    'POST /_control/packs': ({ body }) => control.addPack(body as PackInput),
    'POST /_control/privacy': ({ body }) => {
      const { appid, user, agreed } = readInput(inputs.privacy, body)
      control.setPrivacy(appid, user, agreed)
      return model().privacy.setting(model().apps.get(appid), user)
    },
    'POST /_control/deny-next': ({ body }) => {
      control.denyNext(body as NextEvent)
      return { nextEvents: model().nextEvents.list() }
    },
    'GET /_control/next-event': () => ({
      nextEvents: model().nextEvents.list(),
      endings: Object.entries(phoneEndings).map(([ending, { text, ...entry }]) => ({
        ending,
        ...entry,
        ...text,
      })),
    }),
    'POST /_control/next-event': ({ body }) => {
      control.nextEvent(body as NextEvent)
      return { nextEvents: model().nextEvents.list() }
    },
    'POST /_control/tokens/replace': ({ body }) => {
      const { appid, ...options } = readInput(inputs.replaceToken, body)
      control.replaceToken(appid, options)
      return { replaced: true }
    },
    'POST /_control/sessions/expire': ({ body }) => {
      const { appid, user } = readInput(inputs.expireSession, body)
      return { expired: control.expireSession(appid, user) }
    },

    'GET /_control/security': ({ query }) => control.securityKeys(appidIn(query)),
    'POST /_control/security': ({ body }) => {
      const { appid, ...keys } = readInput(inputs.security, body)
      return control.enableSecurity(appid, keys)
    },
    'POST /_control/security/roll': ({ body }) => {
      const { appid, ...options } = readInput(inputs.rollKey, body)
      return control.rollPlatformKey(appid, options)
    },
    'DELETE /_control/security': ({ query }) => {
      control.disableSecurity(appidIn(query))
      return { removed: true }
    },

    'GET /_control/log': ({ query }) => {
      const { since, limit } = readInput(inputs.logQuery, Object.fromEntries(query))
      const { log } = model()
      const entries = since === undefined ? log.newest(limit) : log.since(since, limit)
      return { on: log.isOn, lastSeq: log.lastSeq(), entries: entries.map(describeLogEntry) }
    },
    'POST /_control/log': ({ body }) => {
      control.setLog(readInput(inputs.log, body).on)
      return { on: model().log.isOn }
    },
    'GET /_control/events': (site) => streamEvents(host, site),

    'GET /_control/certificate': ({ response }) => sendCertificate(response, host.certificate()),

    'GET /_control/snapshot': () => control.snapshot(),
    'PUT /_control/snapshot': ({ body }) => {
      control.restore(body)
      return describeClock(model())
    },
    'POST /_control/outage': ({ body, request, response }) => {
      const { durationMs } = readInput(inputs.outage, body)
      response.setHeader('Connection', 'close')
      control.outage(durationMs, request.socket)
      return { durationMs }
    },
  }
}

const appidIn = (query: URLSearchParams) => readInput(inputs.appid, Object.fromEntries(query)).appid

function sendCertificate(response: ServerResponse, certificate: string | undefined): void {
  if (certificate === undefined) {
    throw new SimulatorError(404, 'NO_HTTPS', {
      zh: '模拟器没有开启 HTTPS（https 选项，或 haoma simulate --https）。',
      en: 'The simulator was started without HTTPS (the option https, or haoma simulate --https).',
    })
  }
  response.writeHead(200, {
    'Content-Type': 'application/x-pem-file',
    'Content-Length': Buffer.byteLength(certificate),
  })
  response.end(certificate)
}

function listSwitches(switches: Switches): object {
  return {
    switches: Object.entries(switchTable).map(([key, entry]) => ({
      key,
      value: switches.get(key as SwitchKey),
      default: entry.default,
      values: entry.values,
      ...entry.text,
      source: entry.source,
    })),
  }
}
