// The token paths and the gateway of the service, and beside them an echo under the same middleware and a bare one, all
// in one process. Bundled from the sources, whose middleware is the service's own affair.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { assemble } from '../../../packages/server/src/create-haoma.ts'
import { createKeyRing } from '../../../packages/server/src/crypto/key-ring.ts'
import { answerFields } from '../../../packages/server/src/http/headers.ts'
import { createLogger } from '../../../packages/server/src/kernel/logger.ts'
import { openSqliteDatabase } from '../../../packages/server/src/stores/sql/database.ts'
import { APP_SECRET, APPID } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const TOKEN = `75_${'t'.repeat(133)}`
/** Lines are written and thrown away, here as there. */
const logger = createLogger('info', { write: () => {} })

const listen = (fetch: Parameters<typeof serve>[0]['fetch']): Promise<string> =>
  new Promise((resolve) => {
    serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(`http://127.0.0.1:${port}`))
  })

/** Reads the body as the token path does, and answers as much. */
const answerOf = (text: string) => {
  const { appid } = JSON.parse(text)
  return JSON.stringify({ access_token: TOKEN, expires_in: appid === APPID ? 240 : 0 })
}
const json = { 'content-type': 'application/json' }

function startBare(): Promise<string> {
  const app = new Hono()
  app.post('/cgi-bin/stable_token', async (c) => c.body(answerOf(await c.req.text()), 200, json))
  return listen(app.fetch)
}

async function startService(wechatUrl: string) {
  const haoma = await assemble({
    db: await openSqliteDatabase(':memory:'),
    keyRing: createKeyRing([Buffer.alloc(32, 1)]),
    options: {
      apps: [{ appid: APPID, appSecret: APP_SECRET }],
      wechatHosts: [wechatUrl],
      limits: { 'token.client': { points: 1e9 }, 'gateway.client': { points: 1e9 } },
      logger,
    },
  })
  // Beside the token paths, so that all goes before it that goes before them.
  const tokenPaths = haoma.surfaces.find(({ prefixes }) => prefixes.includes('/cgi-bin'))
  tokenPaths?.router.post('/cgi-bin/echo', async (c) => {
    const answer = answerOf(await c.req.text())
    return new Response(answer, { headers: { ...json, ...answerFields(c) } })
  })
  const grant = { name: 'bench', scopes: ['token', 'gateway'], gatewayPaths: ['/wxa/*'] } as const
  const { clientId, clientSecret } = await haoma.clients.create(grant)
  return { url: await listen(haoma.fetch), clientId, clientSecret }
}

serveCommands({
  start: async (wechatUrl: string) => ({
    bare: await startBare(),
    service: await startService(wechatUrl),
  }),
  cpu: () => process.cpuUsage(),
})
