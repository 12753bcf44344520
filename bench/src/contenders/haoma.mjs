import { createWeChat } from '@haoma/wechat'

export async function createHaoma({ baseUrl, appid, appSecret, store, storeTimeoutMs }) {
  const wechat = createWeChat({
    apps: [{ appid, appSecret }],
    // Two hosts, as by default: the second is for when the first cannot be reached.
    hosts: [baseUrl, 'http://127.0.0.1:9'],
    tokenStore: store && (await openers[store.kind](store)),
    storeTimeoutMs,
  })
  const app = wechat.app(appid)
  return { getPhoneNumber: (phoneCode) => app.getPhoneNumber({ phoneCode }) }
}

/** The stores that several processes share, each as a user would open it. */
const openers = {
  file: async ({ folder }) => {
    const { createFileTokenStore } = await import('@haoma/wechat/stores/file')
    return createFileTokenStore({ directory: folder })
  },
  redis: async ({ url, keyPrefix }) => {
    const { createRedisTokenStore } = await import('@haoma/wechat/stores/redis')
    const { Redis } = await import('ioredis')
    return createRedisTokenStore({ client: new Redis(url), prefix: keyPrefix })
  },
  postgres: async ({ url }) => {
    const { createPostgresTokenStore } = await import('@haoma/wechat/stores/postgres')
    const { default: pg } = await import('pg')
    return createPostgresTokenStore({ pool: new pg.Pool({ connectionString: url }) })
  },
}
