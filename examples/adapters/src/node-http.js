import { createServer } from 'node:http'
import { nodeHandler } from '@haoma/server'

/** The service under `/auth` of a bare server. `createHaoma` is told of it: `{ basePath: '/auth' }`. */
export function createApp(haoma) {
  const handler = nodeHandler(haoma)
  return createServer(async (request, response) => {
    if (request.url?.startsWith('/auth/')) return handler(request, response)
    const session = await haoma.verify(request.headers.authorization)
    response.writeHead(session ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ memberId: session?.memberId }))
  })
}
