import type { Pack } from '../../model/billing.ts'
import type { PhoneComponent } from '../../model/codes.ts'
import type { Switches } from '../../model/switches.ts'
import { text } from '../../text.ts'
import { type Answer, ok, refuse } from '../answer.ts'
import { type Endpoint, type ReadyCall, stringField, type TokenAuth, UNPUBLISHED } from '../endpoint.ts'
import { parseObject } from '../json.ts'

const QUICK_SPU = '10000077'
/** Packs of a group purchase: another list, which the ordinary call does not show. */
const GROUP_PURCHASE_SPU = '10000117'
/** How WeChat writes an end that never comes. */
const NO_END = 4_294_967_295
const MAX_LIMIT = 20
/** The smallest average that is told; it stands for everything below it as well. */
const LEAST_AVERAGE = 50

const auth: TokenAuth = { kind: 'access-token', needs: 'mini-program', isSignable: false }

/**
 * The balance of a phone component; what is left is `all − effectiveUse`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getusagedetail
 */
export const getUsage: Endpoint = {
  path: '/wxa/charge/usage/get',
  method: 'GET',
  family: 'wxa',
  auth,
  quota: UNPUBLISHED,
  handle(call) {
    const parameters = readParameters(call)
    const offset = parameters.number('offset', 0)
    const limit = parameters.number('limit', MAX_LIMIT)
    const found = componentOf(parameters.spuId, call.model.switches)
    if (found === undefined) return wrongSpu(parameters.spuId, 10120002)
    if (offset === undefined || limit === undefined || limit < 1 || limit > MAX_LIMIT) {
      return refuse(10120002, text('offset 或 limit 不对', 'offset or limit is wrong'))
    }
    const packs = found === 'group-purchase' ? [] : listPacks(call, found)
    const active = packs.filter(({ status }) => status === 1)
    const all = sum(active.map((pack) => pack.all))
    const write = call.model.switches.get('usage-detail-numbers') === 'string' ? String : Number
    return ok({
      errcode: 0,
      errmsg: 'ok',
      all: String(all),
      effectiveUse: String(sum(active.map((pack) => pack.used))),
      effectiveAll: String(all),
      total: packs.length,
      detailList: packs
        .slice(offset, offset + limit)
        .map((pack) => ({ ...pack, all: write(pack.all), used: write(pack.used) })),
    })
  },
}

/**
 * Calls a month over the last three months, blurred.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getrecentaverageusage
 */
export const getRecentAverage: Endpoint = {
  path: '/wxa/charge/usage/get_recent_average',
  method: 'GET',
  family: 'wxa',
  auth,
  quota: UNPUBLISHED,
  handle(call) {
    const { spuId } = readParameters(call)
    const found = componentOf(spuId, call.model.switches)
    if (found === undefined) return wrongSpu(spuId, 10120700)
    const average =
      found === 'group-purchase' ? undefined : call.model.billing.recentAverage(call.app.appid, found)
    if (average === undefined) {
      return refuse(10122000, text('最近三个月没有用量', 'no use in the last three months'))
    }
    const errmsg = call.model.switches.get('recent-average-errmsg') === 'present' ? { errmsg: 'ok' } : {}
    return ok({ errcode: 0, ...errmsg, averageData: blur(average) })
  },
}

function wrongSpu(spuId: string | undefined, errcode: number): Answer {
  return spuId === undefined
    ? refuse(10120002, text('缺少 spuId', 'spuId is missing'))
    : refuse(errcode, text('没有这个 spuId', 'there is no such spuId'))
}

/**
 * The parameters, which one edition of the page puts into the query and the other into the body of the GET; a text in
 * the body is a number only where the switch says so.
 */
function readParameters({ query, rawBody, model }: ReadyCall) {
  const body = parseObject(rawBody) ?? {}
  const areTextsTaken = model.switches.get('usage-text-parameters') === 'answered'
  return {
    spuId: query.get('spuId') ?? stringField(body.spuId),
    number(name: 'offset' | 'limit', byDefault: number): number | undefined {
      const inBody = body[name]
      if (typeof inBody === 'string' && !areTextsTaken) return undefined
      const given = query.get(name) ?? (inBody === undefined ? undefined : (stringField(inBody) ?? ''))
      if (given === undefined) return byDefault
      return /^\d{1,9}$/.test(given) ? Number(given) : undefined
    },
  }
}

function componentOf(
  spuId: string | undefined,
  switches: Switches,
): PhoneComponent | 'group-purchase' | undefined {
  if (spuId === QUICK_SPU) return 'quick'
  if (spuId === GROUP_PURCHASE_SPU) return 'group-purchase'
  return spuId === switches.get('realtime-spu-id') ? 'realtime' : undefined
}

const spuIdOf = (component: PhoneComponent, switches: Switches) =>
  component === 'quick' ? QUICK_SPU : switches.get('realtime-spu-id')

function listPacks({ model, app, nowMs }: ReadyCall, component: PhoneComponent) {
  const spuId = spuIdOf(component, model.switches)
  const trial = model.billing.trial(app.appid, component)
  const bought = model.billing.packs(app.appid).filter((pack) => pack.component === component)
  // Filled for goods that are subscribed to, which these are not.
  const notSubscribed = { startServiceTime: 0, endServiceTime: 0 }
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
      ...notSubscribed,
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
      ...notSubscribed,
    })),
  ]
}

/** 1 active, 2 not yet, 3 expired. */
function statusOf({ startsAtMs, endsAtMs }: Pack, nowMs: number): 1 | 2 | 3 {
  if (nowMs < startsAtMs) return 2
  return endsAtMs !== null && nowMs >= endsAtMs ? 3 : 1
}

/** Two digits are told, as in the sample's 260000, and 50 for 50 and below. */
function blur(average: number): number {
  if (average <= LEAST_AVERAGE) return LEAST_AVERAGE
  const step = 10 ** (Math.floor(Math.log10(average)) - 1)
  return Math.round(average / step) * step
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
