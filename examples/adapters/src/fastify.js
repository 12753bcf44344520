import { nodeHandler } from '@haoma/server'
import Fastify from 'fastify'

/** The service under `/auth` of a Fastify application. `createHaoma` is told of it: `{ basePath: '/auth' }`. */
export function createApp(haoma) {
  const app = Fastify()
  const handler = nodeHandler(haoma)
  app.register((auth, _options, done) => {
    // The service reads its bodies itself.
    auth.removeAllContentTypeParsers()
    auth.addContentTypeParser('*', (_request, _payload, next) => next(null))
    auth.all('/auth/*', async (request, reply) => {
      reply.hijack()
      await handler(request.raw, reply.raw)
    })
    done()
  })
  app.get('/orders', async (request, reply) => {
    const session = await haoma.verify(request.headers.authorization)
    if (!session) return reply.code(401).send()
    return { memberId: session.memberId }
  })
  return app
}
