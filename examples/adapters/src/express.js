import { nodeHandler } from '@haoma/server'
import express from 'express'

/** The service under `/auth` of an Express application, which may parse bodies before. */
export function createApp(haoma) {
  const app = express()
  app.use(express.json())
  app.use('/auth', nodeHandler(haoma))
  app.get('/orders', async (request, response) => {
    const session = await haoma.verify(request.headers.authorization)
    if (!session) return response.sendStatus(401)
    response.json({ memberId: session.memberId })
  })
  return app
}
