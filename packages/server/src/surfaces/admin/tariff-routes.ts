import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Tariffs } from '../../ledger/tariffs.ts'
import type { Pack } from '../../stores/tariff-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso, isoOrNull } from './views.ts'

const tags = ['Admin: cost']
const params = z.object({ id: z.string().max(128) })
const rebooked =
  '已有的账目会在几秒内按新数据重算。\n\nEntries that are there already are booked anew within seconds.'

const packsRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/cost/packs',
  operationId: 'adminListPacks',
  tags,
  summary: '列出试用额度与资源包 · List trials and packs',
  least: 'viewer',
  audits: null,
  request: { query: z.object({ appid: z.string().max(64).optional() }) },
  responses: { 200: jsonAnswer(schemas.packsResponse, 'In the order of their beginning.') },
})

const addPackRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/cost/packs',
  operationId: 'adminAddPack',
  tags,
  summary: '登记买来的资源包 · Enter a pack that was bought',
  description: rebooked,
  least: 'operator',
  audits: 'pack.create',
  errors: ['NOT_POSSIBLE_NOW'],
  request: {
    body: jsonBody(schemas.addPackRequest, {
      appid: 'wx5f0a3c9e7b1d2468',
      component: 'quick',
      entries: 10_000,
      priceLi: 280_000,
    }),
  },
  responses: { 201: jsonAnswer(schemas.packView, 'The pack.') },
})

const changePackRoute = adminRoute({
  method: 'patch',
  path: '/admin/v1/cost/packs/{id}',
  operationId: 'adminChangePack',
  tags,
  summary: '修改资源包 · Change a pack',
  description: rebooked,
  least: 'operator',
  audits: 'pack.update',
  errors: ['NOT_THERE'],
  request: { params, body: jsonBody(schemas.changePackRequest, { entries: 20_000 }) },
  responses: { 200: jsonAnswer(schemas.packView, 'As it is now.') },
})

const removePackRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/cost/packs/{id}',
  operationId: 'adminRemovePack',
  tags,
  summary: '删除误登记的资源包 · Remove a pack that was entered by mistake',
  description: rebooked,
  least: 'operator',
  audits: 'pack.remove',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 204: { description: 'Removed.' } },
})

const pricesRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/cost/prices',
  operationId: 'adminListPrices',
  tags,
  summary: '列出目录价 · List prices, those of WeChat first',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.pricesResponse, 'Each holds from its moment on.') },
})

const setPriceRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/cost/prices',
  operationId: 'adminSetPrice',
  tags,
  summary: '登记自某时起的目录价 · Enter a price that holds from a moment on',
  description: rebooked,
  least: 'operator',
  audits: 'price.set',
  request: {
    body: jsonBody(schemas.addPriceRequest, { component: 'quick', from: '2027-01-01T00:00:00Z', li: 30 }),
  },
  responses: { 200: jsonAnswer(schemas.pricesResponse, 'All of them, as they are now.') },
})

const removePriceRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/cost/prices',
  operationId: 'adminRemovePrice',
  tags,
  summary: '删除登记的目录价；内置价不能删除 · Remove an entered price; built-in ones stay',
  description: rebooked,
  least: 'operator',
  audits: 'price.remove',
  errors: ['NOT_THERE'],
  request: { query: schemas.addPriceRequest.omit({ li: true }) },
  responses: { 204: { description: 'Removed.' } },
})

export interface TariffRoutesParts {
  tariffs: Tariffs
  hasApp(appid: string): Promise<boolean>
  clock: Clock
}

export function createTariffRoutes({ tariffs, hasApp, clock }: TariffRoutesParts): AdminRouter {
  const view = (pack: Pack) => packView(pack, clock.now())
  const listPrices = async () =>
    (await tariffs.listPrices()).map(({ fromMs, ...price }) => ({ ...price, from: iso(fromMs) }))

  return createAdminRouter()
    .openapi(packsRoute, async (c) => {
      const packs = await tariffs.listPacks(c.req.valid('query'))
      // A time without charges has no number of calls to show.
      return c.json({ packs: packs.filter(({ kind }) => kind !== 'free').map(view) }, 200)
    })
    .openapi(addPackRoute, async (c) => {
      const { kind = 'pack', spuId = null, startsAt, endsAt, ...pack } = c.req.valid('json')
      if (!(await hasApp(pack.appid))) throw badField('appid')
      const settings = {
        ...pack,
        kind,
        spuId,
        name: '',
        packageId: null,
        usedBefore: 0,
        startsAtMs: startsAt === undefined ? clock.now() : Date.parse(startsAt),
        endsAtMs: endsAt === undefined ? null : Date.parse(endsAt),
      }
      return c.json(view(await tariffs.addPack(settings, c.get('caller').actor)), 201)
    })
    .openapi(changePackRoute, async (c) => {
      const { startsAt, endsAt, ...rest } = c.req.valid('json')
      const to = {
        ...(rest.spuId !== undefined && { spuId: rest.spuId }),
        ...(rest.entries !== undefined && { entries: rest.entries }),
        ...(rest.priceLi !== undefined && { priceLi: rest.priceLi }),
        ...(startsAt !== undefined && { startsAtMs: Date.parse(startsAt) }),
        ...(endsAt !== undefined && { endsAtMs: Date.parse(endsAt) }),
      }
      if (Object.keys(to).length === 0) throw badField('')
      const { id } = c.req.valid('param')
      return c.json(view(await tariffs.changePack(id, to, c.get('caller').actor)), 200)
    })
    .openapi(removePackRoute, async (c) => {
      await tariffs.removePack(c.req.valid('param').id, c.get('caller').actor)
      return c.body(null, 204)
    })
    .openapi(pricesRoute, async (c) => c.json({ prices: await listPrices() }, 200))
    .openapi(setPriceRoute, async (c) => {
      const { component, from, li } = c.req.valid('json')
      if (li < 0) throw badField('li')
      await tariffs.setPrice({ component, fromMs: Date.parse(from), li }, c.get('caller').actor)
      return c.json({ prices: await listPrices() }, 200)
    })
    .openapi(removePriceRoute, async (c) => {
      const { component, from } = c.req.valid('query')
      await tariffs.removePrice({ component, fromMs: Date.parse(from) }, c.get('caller').actor)
      return c.body(null, 204)
    }) as AdminRouter
}

const problems: Record<string, string> = {
  '': '没有要修改的内容 · nothing is to be changed',
  appid: '没有这个应用 · there is no such app',
  li: '价格不能是负数 · a price cannot be negative',
}
const badField = (path: string) =>
  new HaomaError('BAD_REQUEST', { issues: [{ path, message: problems[path] as string }] })

function packView(pack: Pack, nowMs: number): schemas.PackView {
  const entries = pack.entries ?? 0
  const usedEntries = pack.usedBefore + pack.usedEntries
  const isOver = pack.endsAtMs !== null && pack.endsAtMs <= nowMs
  return {
    id: pack.id,
    appid: pack.appid,
    component: pack.component,
    kind: pack.kind === 'trial' ? 'trial' : 'pack',
    spuId: pack.spuId,
    entries,
    // While nobody said what it cost, its calls cost the list price.
    priceLi: pack.priceLi ?? pack.allocatedLi,
    usedEntries,
    allocatedLi: pack.allocatedLi,
    startsAt: iso(pack.startsAtMs),
    endsAt: isoOrNull(pack.endsAtMs),
    expiredEntries: isOver ? Math.max(0, entries - usedEntries) : 0,
  }
}
