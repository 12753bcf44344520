import { createWeChat } from '@haoma/wechat'

export function createHaomaClient({ baseUrl, appid, appSecret, tokenStore }) {
  const wechat = createWeChat({
    apps: [{ appid, appSecret, name: 'bench' }],
    hosts: [baseUrl],
    ...(tokenStore && { tokenStore }),
  })
  const app = wechat.app(appid)
  return { getPhoneNumber: (phoneCode) => app.getPhoneNumber({ phoneCode }) }
}
