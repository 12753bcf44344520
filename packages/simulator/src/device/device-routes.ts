import { readInput } from '../http/read-input.ts'
import type { Routes, SiteRequest } from '../http/site.ts'
import type { Model } from '../model/model.ts'
import {
  displayPhoneNumber,
  isSameNumber,
  maskNationalNumber,
  type PhoneNumber,
} from '../model/phone-numbers.ts'
import type { Sheet } from '../model/sheets.ts'
import { openidOf, type User } from '../model/users.ts'
import type { Device, Party, PhoneAction } from './device.ts'
import { withDeviceLog } from './device-log.ts'
import { inputs } from './inputs.ts'

/** What happens on a phone, for a page's script and for curl alike. */
export function createDeviceRoutes(getModel: () => Model, device: Device): Routes {
  const routes: Routes = {
    'POST /_device/login': ({ body }) => device.login(body as Party),
    'POST /_device/check-session': ({ body }) => device.checkSession(body as Party),
    'POST /_device/user-info': ({ body }) => device.userInfo(body as Parameters<Device['userInfo']>[0]),
    'POST /_device/phone': ({ body }) => device.phone(body as PhoneAction),
    'POST /_device/phone/open': ({ body }) => {
      const model = getModel()
      const result = model.consent.tap(readInput(inputs.open, body))
      if ('sheet' in result) return describeSheet(model, result.sheet)
      return result.toast ? { ...result, layout: model.switches.get('sheet-layout') } : result
    },
    'POST /_device/phone/sms': ({ body }) => {
      const { sheetId, ...choice } = readInput(inputs.sms, body)
      return { sent: true, smsCode: getModel().consent.sendSms(sheetId, choice) }
    },
    'POST /_device/phone/answer': ({ body }) => ({
      detail: getModel().consent.answer(readInput(inputs.answer, body)),
    }),
    'POST /_device/phone/abandon': ({ body }) => {
      getModel().sheets.close(readInput(inputs.abandon, body).sheetId)
      return { abandoned: true }
    },
    'POST /_device/privacy': ({ body }) => device.privacy(body as Parameters<Device['privacy']>[0]),
    'GET /_device/apps': () => ({ apps: listMiniPrograms(getModel()) }),
    'GET /_device/users': (site) => listUsers(getModel(), site),
  }
  return Object.fromEntries(
    Object.entries(routes).map(([route, handler]) => [route, withDeviceLog(route, handler, getModel)]),
  )
}

function describeSheet(model: Model, sheet: Sheet): object {
  const app = model.apps.get(sheet.appid)
  return {
    sheetId: sheet.sheetId,
    openedAt: new Date(sheet.openedAtMs).toISOString(),
    component: sheet.component,
    app: { appid: app.appid, name: app.name },
    numbers: describeNumbers(
      model.users.meet(sheet.user),
      model.lastProvided.get(`${sheet.appid} ${sheet.user}`),
    ),
    smsRequired: sheet.component === 'realtime' && model.switches.get('realtime-step') === 'sms',
    layout: model.switches.get('sheet-layout'),
  }
}

function describeNumbers(user: User, last?: PhoneNumber): object[] {
  return user.numbers.map((number) => ({
    id: number.id,
    masked: maskNationalNumber(number),
    display: displayPhoneNumber(number),
    countryCallingCode: number.countryCallingCode,
    saved: number.origin === 'added',
    last: last !== undefined && isSameNumber(number, last),
  }))
}

function listMiniPrograms({ apps }: Model): object[] {
  return apps
    .list()
    .filter(({ accountType }) => accountType === 'mini-program')
    .map(({ appid, name }) => ({ appid, name }))
}

function listUsers({ apps, users, privacy }: Model, { query }: SiteRequest): object {
  const appid = query.get('appid')
  const app = appid === null ? undefined : apps.get(appid)
  return {
    users: users.list().map((user) => ({
      name: user.name,
      numbers: describeNumbers(user),
      ...(app
        ? { openid: openidOf(app, user.name), privacyAgreed: privacy.hasAgreed(app.appid, user.name) }
        : {}),
    })),
  }
}
