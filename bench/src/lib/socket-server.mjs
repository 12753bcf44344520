// HTTP on sockets by hand, because node:http needs more time for a call than the fastest client does.
import { createServer } from 'node:net'

/** A whole answer, 200 with JSON. */
export const jsonAnswer = (body) => {
  const text = JSON.stringify(body)
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: keep-alive\r\n\r\n${text}`,
  )
}

/**
 * Answers each call with what `answer` makes of it.
 *
 * @param {(call: { head: string, body: string }) => Buffer} answer
 */
export function createSocketServer(answer) {
  return createServer({ noDelay: true }, (socket) => {
    let pending = ''
    socket.on('data', (chunk) => {
      pending += chunk.latin1Slice()
      for (;;) {
        const headEnd = pending.indexOf('\r\n\r\n')
        if (headEnd < 0) return
        const head = pending.slice(0, headEnd)
        const length = /\r\ncontent-length: *(\d+)/i.exec(head)
        const end = headEnd + 4 + (length ? Number(length[1]) : 0)
        if (pending.length < end) return
        const body = pending.slice(headEnd + 4, end)
        pending = pending.slice(end)
        socket.write(answer({ head, body }))
      }
    })
    socket.on('error', () => socket.destroy())
  })
}
