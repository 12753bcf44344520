import { nodeHandler } from '@haoma/server'
import Koa from 'koa'

/** The service under `/auth` of a Koa application. `createHaoma` is told of it: `{ basePath: '/auth' }`. */
export function createApp(haoma) {
  const app = new Koa()
  const handler = nodeHandler(haoma)
  app.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/auth/')) return next()
    ctx.respond = false
    await handler(ctx.req, ctx.res)
  })
  app.use(async (ctx) => {
    const session = await haoma.verify(ctx.headers.authorization)
    if (!session) ctx.throw(401)
    ctx.body = { memberId: session.memberId }
  })
  return app
}
