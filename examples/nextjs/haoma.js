import { createHaoma, createLogger } from '@haoma/server'

const { APPID = '', APP_SECRET = '', WECHAT_HOST, DATABASE_URL, MASTER_KEY } = process.env

const open = () =>
  createHaoma({
    basePath: '/auth',
    apps: [{ appid: APPID, appSecret: APP_SECRET }],
    logger: createLogger('warn'),
    ...(DATABASE_URL && { databaseUrl: DATABASE_URL }),
    // The simulator's address while you develop.
    ...(WECHAT_HOST && { wechatHosts: [WECHAT_HOST] }),
    ...(MASTER_KEY && { masterKey: MASTER_KEY }),
  })

/** The service, opened by the first request and once a process: Next.js loads this file once for each bundle. */
export function haoma() {
  globalThis.haoma ??= open()
  return globalThis.haoma
}
