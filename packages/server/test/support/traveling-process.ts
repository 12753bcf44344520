import { createAdaptorServer } from '@hono/node-server'
import { createHaoma, createLogger } from '../../src/index.ts'

/** What a {@link travelingService} is made with. */
export interface TravelingOptions {
  databaseUrl: string
  /** Base64. */
  masterKey: string
  wechatUrl: string
  apps: { appid: string; appSecret: string }[]
  /** How far its clock is ahead of this machine's. */
  aheadMs: number
}

/** What it is asked to do; each is answered with `done`. */
export type TravelingOrder = { do: 'travel'; aheadMs: number } | { do: 'housekeep' }

/** A process of the whole service whose clock goes where it is told: `node traveling-process.ts OPTIONS`. */
const options = JSON.parse(process.argv[2] ?? '') as TravelingOptions
let { aheadMs } = options
const haoma = await createHaoma({
  apps: options.apps,
  wechatHosts: [options.wechatUrl],
  databaseUrl: options.databaseUrl,
  masterKey: Buffer.from(options.masterKey, 'base64'),
  consoleFolder: false,
  ledger: { realtimeSpuId: '10000078' },
  logger: createLogger('silent'),
  clock: { now: () => Date.now() + aheadMs },
  wechatTimeoutMs: 1000,
})
const server = createAdaptorServer({ fetch: (request) => haoma.fetch(request, {}) })
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))

process.on('message', async (order: TravelingOrder) => {
  if (order.do === 'travel') aheadMs = order.aheadMs
  else await haoma.housekeep()
  process.send?.('done')
})
