// The service as it is delivered, logs written and thrown away. Limits count as always, and let this much through.
import { APP_SECRET, APPID } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const { createLogger, serve } = await import(
  new URL('../../../packages/server/dist/index.js', import.meta.url).href
)
const plenty = { points: 10_000_000, withinS: 10 }

serveCommands({
  start: async ({ wechatUrl, database }) => {
    const { url } = await serve({
      apps: [{ appid: APPID, appSecret: APP_SECRET }],
      wechatHosts: [wechatUrl],
      databaseUrl: database.path ? `sqlite:${database.path}` : database.url,
      masterKey: Buffer.alloc(32, 7),
      consoleFolder: false,
      limits: { 'login.ip': plenty, 'login.app': plenty, 'refresh.ip': plenty },
      logger: createLogger('info', { write: () => {} }),
      port: 0,
      hostname: '127.0.0.1',
    })
    return url
  },
  cpu: () => process.cpuUsage(),
})
