import { Hono } from 'hono'

/** The service under `/auth` of a Hono application. `createHaoma` is told of it: `{ basePath: '/auth' }`. */
export function createApp(haoma) {
  const app = new Hono()
  app.all('/auth/*', (c) => haoma.fetch(c.req.raw, c.env))
  app.get('/orders', async (c) => {
    const session = await haoma.verify(c.req.raw)
    return session ? c.json({ memberId: session.memberId }) : c.body(null, 401)
  })
  return app
}
