import type { Pack } from '../../model/billing.ts'
import type { PhoneComponent } from '../../model/codes.ts'
import type { Switches } from '../../model/switches.ts'
import { text } from '../../text.ts'
import { ok, refuse } from '../answer.ts'
import { type Endpoint, type ReadyCall, type TokenAuth, UNPUBLISHED } from '../endpoint.ts'

const QUICK_SPU = '10000077'
/** How WeChat writes an end that never comes. */
const NO_END = 4_294_967_295
const MAX_LIMIT = 20

const auth: TokenAuth = { kind: 'access-token', needs: 'mini-program', isSignable: false }
const PARAMETER_ERROR = refuse(
  10120002,
  text('spuId、offset 或 limit 不对', 'spuId, offset or limit is wrong'),
)

/** The balance of a phone component; what is left is `all − effectiveUse`. */
export const getUsage: Endpoint = {
  path: '/wxa/charge/usage/get',
  method: 'GET',
  family: 'wxa',
  auth,
  quota: UNPUBLISHED,
  handle(call) {
    const component = componentOf(call)
    const offset = wholeNumber(call.query.get('offset') ?? '0')
    const limit = wholeNumber(call.query.get('limit') ?? String(MAX_LIMIT))
    if (!component || offset === undefined || limit === undefined || limit < 1 || limit > MAX_LIMIT) {
      return PARAMETER_ERROR
    }
    const packs = listPacks(call, component)
    const active = packs.filter(({ status }) => status === 1)
    const all = sum(active.map((pack) => pack.all))
    return ok({
      errcode: 0,
      errmsg: 'ok',
      all: String(all),
      effectiveUse: String(sum(active.map((pack) => pack.used))),
      effectiveAll: String(all),
      total: packs.length,
      detailList: packs.slice(offset, offset + limit),
    })
  },
}

/** Average calls a day over the last 7 days. */
export const getRecentAverage: Endpoint = {
  path: '/wxa/charge/usage/get_recent_average',
  method: 'GET',
  family: 'wxa',
  auth,
  quota: UNPUBLISHED,
  handle(call) {
    const component = componentOf(call)
    if (!component) return PARAMETER_ERROR
    return ok({
      errcode: 0,
      errmsg: 'ok',
      averageData: call.model.billing.recentAverage(call.app.appid, component),
    })
  },
}

function componentOf({ query, model }: ReadyCall): PhoneComponent | undefined {
  const spuId = query.get('spuId')
  if (spuId === QUICK_SPU) return 'quick'
  return spuId === model.switches.get('realtime-spu-id') ? 'realtime' : undefined
}

const spuIdOf = (component: PhoneComponent, switches: Switches) =>
  component === 'quick' ? QUICK_SPU : switches.get('realtime-spu-id')

function listPacks({ model, app, nowMs }: ReadyCall, component: PhoneComponent) {
  const spuId = spuIdOf(component, model.switches)
  const trial = model.billing.trial(app.appid, component)
  const bought = model.billing.packs(app.appid).filter((pack) => pack.component === component)
  return [
    {
      pkgId: `1${spuId}`,
      status: 1,
      startTime: 0,
      endTime: NO_END,
      all: trial.size,
      used: trial.used,
      spuId,
      skuId: '20000093',
      source: 1,
    },
    ...bought.map((pack) => ({
      pkgId: pack.id,
      status: statusOf(pack, nowMs),
      startTime: Math.floor(pack.startsAtMs / 1000),
      endTime: pack.endsAtMs === null ? NO_END : Math.floor(pack.endsAtMs / 1000),
      all: pack.size,
      used: pack.used,
      spuId,
      skuId: '20000094',
      source: 2,
    })),
  ]
}

/** 1 active, 2 not yet, 3 expired. */
function statusOf({ startsAtMs, endsAtMs }: Pack, nowMs: number): 1 | 2 | 3 {
  if (nowMs < startsAtMs) return 2
  return endsAtMs !== null && nowMs >= endsAtMs ? 3 : 1
}

function wholeNumber(input: string): number | undefined {
  return /^\d{1,9}$/.test(input) ? Number(input) : undefined
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
