import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A message as it came in. */
export interface Received {
  headers: IncomingHttpHeaders
  body: string
  /** The body, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read messages as a receiver in JavaScript does
  message: any
}

export interface Receiver {
  url: string
  received: Received[]
  /** How it answers from now on; 200 at first. */
  answer: (response: ServerResponse, received: Received) => void
  close(): Promise<void>
}

/** Somebody's server on loopback that gets webhooks. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    received: [],
    answer: (response) => response.end('thanks'),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      const received = { headers: request.headers, body, message: JSON.parse(body) }
      receiver.received.push(received)
      receiver.answer(response, received)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=abc`
  return receiver
}
