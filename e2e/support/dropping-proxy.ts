import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands before a service and loses answers on their way back, after the service has given them. */
export interface DroppingProxy {
  url: string
  /** Bodies of the calls of `path`, in order. */
  received: string[]
  /** Loses so many of the answers to come. */
  drop(answers: number): void
  close(): Promise<void>
}

/** @param path - Of the calls whose answers are lost; all others pass. */
export async function startDroppingProxy(targetUrl: string, path: string): Promise<DroppingProxy> {
  let toDrop = 0
  const received: string[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const isWatched = incoming.url === path
      if (isWatched) received.push(body.toString())
      const isDropped = isWatched && toDrop > 0
      if (isDropped) toDrop -= 1
      const { method, headers, url = '' } = incoming
      const passed = send(new URL(url, targetUrl), { method, headers }, (answer) => {
        if (isDropped) {
          answer.resume()
          answer.on('end', () => outgoing.destroy())
          return
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
      })
      passed.on('error', () => outgoing.destroy())
      passed.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    drop: (answers) => {
      toDrop = answers
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
