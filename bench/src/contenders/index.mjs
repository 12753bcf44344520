// Who is measured. Each is loaded in a process of its own and gives `getPhoneNumber(code)` over a warm token.

const peer = (name) => async (options) => {
  const { clients } = await import('../../../examples/node-clients/src/index.js')
  return clients[name](options)
}

/** The floor that the others are measured against. */
export const LIMIT = 'undici dispatch, least handler'
export const OURS = '@haoma/wechat'

/** No clients: they fetch one token and never look after it. */
export const bare = {
  [LIMIT]: async (options) => (await import('./limit.mjs')).createLimit(options),
  'undici request': async (options) => (await import('./undici-request.mjs')).createUndiciRequest(options),
  'sockets by hand': async (options) => (await import('./raw.mjs')).createRaw(options),
}

export const contenders = {
  ...bare,
  [OURS]: async (options) => (await import('./haoma.mjs')).createHaoma(options),
  'co-wechat-api 3.11.0': peer('co-wechat-api'),
  'wechat-api 1.35.1': peer('wechat-api'),
  'nest-wechat 0.2.50': peer('nest-wechat'),
  'node-easywechat 3.6.2': peer('node-easywechat'),
  'node-easywechat 3.6.2 stable': peer('node-easywechat-stable'),
}
