import { createCoWechatApi } from './co-wechat-api.js'
import { createNestWechat } from './nest-wechat.js'
import { createNodeEasywechat } from './node-easywechat.js'
import { createWechatApi } from './wechat-api.js'

/** Every client by a short name. */
export const clients = {
  'co-wechat-api': createCoWechatApi,
  'wechat-api': createWechatApi,
  'nest-wechat': createNestWechat,
  'node-easywechat': createNodeEasywechat,
  'node-easywechat-stable': (options) => createNodeEasywechat({ ...options, stableToken: true }),
}
