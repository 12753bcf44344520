import { endpoints } from '../api/endpoints/index.ts'
import { isWhitelistEntry } from '../api/ip-whitelist.ts'
import { notFound, SimulatorError } from '../errors.ts'
import { readInput } from '../http/read-input.ts'
import { type AppInput, getMiniProgram } from '../model/apps.ts'
import type { FaultInput, FaultKind } from '../model/faults.ts'
import type { Model } from '../model/model.ts'
import type { NextEvent } from '../model/next-events.ts'
import { isSameNumber, type PhoneNumber } from '../model/phone-numbers.ts'
import { inputs } from './inputs.ts'

// What has the right form and would still do nothing, or not what was meant: a misspelt path is never hit, a pack that
// ends before it begins is never used. Each is refused, so that a test does not pass because nothing happened.

const nonsense = (zh: string, en: string) => new SimulatorError(400, 'NO_SENSE', { zh, en })

/** @throws SimulatorError `NO_SENSE`, `UNKNOWN_APP` */
export function checkFault(input: FaultInput, { apps }: Model): void {
  const { kind, path, unplayed, appid, status } = input
  if (appid !== undefined) apps.get(appid)
  if (path !== undefined && !unplayed) checkPath(path)
  const missing = required[kind]
  if (missing && input[missing] === undefined)
    throw nonsense(`故障 ${kind} 需要 ${missing}。`, `A fault ${kind} needs ${missing}.`)
  for (const [field, kinds] of Object.entries(readBy) as Array<[keyof FaultInput, readonly FaultKind[]]>) {
    if (input[field] === undefined || kinds.includes(kind)) continue
    throw nonsense(
      `${field} 只对 ${kinds.join('、')} 有意义，对 ${kind} 不起作用。`,
      `${field} means something to ${kinds.join(', ')} only; a fault ${kind} does not read it.`,
    )
  }
  if (input.errcode === 0)
    throw nonsense('errcode 0 是成功，不是故障。', 'The errcode 0 is success, not a fault.')
  if (status === 204 || status === 205 || status === 304)
    throw nonsense(`HTTP ${status} 没有响应体。`, `An answer with HTTP ${status} has no body.`)
}

const required: { readonly [K in FaultKind]?: keyof FaultInput } = {
  latency: 'latencyMs',
  'clock-skew': 'skewMs',
}
/** `latencyMs` is not here: any fault may be slow as well. */
const readBy: { readonly [K in keyof FaultInput]?: readonly FaultKind[] } = {
  errcode: ['errcode'],
  status: ['garbage'],
  spend: ['errcode', 'garbage'],
  skewMs: ['clock-skew'],
}

/** @throws SimulatorError `NO_SENSE` */
export function checkApp({ ipWhitelist, quotas }: Partial<AppInput>): void {
  for (const entry of ipWhitelist ?? []) {
    if (isWhitelistEntry(entry)) continue
    throw nonsense(
      `IP 白名单的写法是 203.0.113.7、172.0.0.* 或 10.0.0.0/8，没有端口；不能是 ${JSON.stringify(entry)}。`,
      `An entry of the IP whitelist is 203.0.113.7, 172.0.0.* or 10.0.0.0/8, without a port, and not ${ascii(entry)}.`,
    )
  }
  for (const path of Object.keys(quotas ?? {})) checkPath(path)
}

/** @throws SimulatorError `NO_SENSE`, `NOT_A_MINI_PROGRAM` */
export function checkPack(
  pack: { appid: string; startsAtMs: number; endsAtMs: number | null },
  { apps }: Model,
): void {
  getMiniProgram(apps, pack.appid)
  if (pack.endsAtMs === null || pack.endsAtMs > pack.startsAtMs) return
  throw nonsense('资源包的结束时间应晚于开始时间。', 'A pack has to end after it begins.')
}

/** @throws SimulatorError `NO_SENSE` */
export function checkNumbers(numbers: readonly PhoneNumber[]): void {
  const twice = numbers.find((number, index) =>
    numbers.slice(0, index).some((other) => isSameNumber(other, number)),
  )
  if (twice) throw nonsense('同一个号码写了两次。', 'The same number is there twice.')
}

/** @throws SimulatorError `NO_SENSE` */
export function checkNextEvent({ ending, errMsg, errno }: NextEvent): void {
  if (errMsg !== undefined && ending !== undefined)
    throw nonsense('ending 与 errMsg 只能给一个。', 'Give either an ending or an errMsg of your own.')
  if (errMsg === undefined && errno !== undefined)
    throw nonsense('errno 要与 errMsg 一起给出。', 'An errno needs an errMsg beside it.')
}

/** A user whose name is not a slip of the pen. @throws SimulatorError `UNKNOWN_USER` */
export function checkUser(name: string, { users }: Model): void {
  if (users.list().some((user) => user.name === name)) return
  throw notFound('UNKNOWN_USER', {
    zh: `没有名为 ${name} 的用户，请先用 POST /_control/users 添加。`,
    en: `There is no user ${ascii(name)}. Add them first with POST /_control/users.`,
  })
}

/** What a state file brought along, by the same rules. @throws SimulatorError */
export function checkModel(model: Model): void {
  for (const app of model.apps.list()) checkApp(app)
  for (const { id: _, hits: __, ...fault } of model.faults.list())
    checkFault(readInput(inputs.fault, fault), model)
}

function checkPath(path: string): void {
  if (endpoints.some((endpoint) => endpoint.path === path)) return
  const closest = endpoints
    .map((endpoint) => endpoint.path)
    .sort((a, b) => likeness(b, path) - likeness(a, path))[0]
  throw nonsense(
    `模拟器没有接口 ${path}，是不是 ${closest}？`,
    `The simulator does not play ${ascii(path)}. Is it ${closest}?`,
  )
}

/** How many characters two paths share at their beginning and their end. */
function likeness(a: string, b: string): number {
  let head = 0
  while (head < a.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  return head + tail
}

const ascii = (text: string) => JSON.stringify(text).replace(/[^ -~]/g, '?')
