import { createLogger, type HaomaOptions } from '@haoma/server'

const {
  APPID = '',
  APP_SECRET = '',
  WECHAT_HOST,
  DATABASE_URL = 'sqlite:.haoma/haoma.db',
  MASTER_KEY,
} = process.env

export const options = {
  basePath: '/auth',
  apps: [{ appid: APPID, appSecret: APP_SECRET }],
  databaseUrl: DATABASE_URL,
  logger: createLogger('warn'),
  // The simulator's address while you develop.
  ...(WECHAT_HOST ? { wechatHosts: [WECHAT_HOST] } : {}),
  ...(MASTER_KEY ? { masterKey: MASTER_KEY } : {}),
} satisfies HaomaOptions & { basePath: string }
