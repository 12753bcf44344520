import { connect, createServer } from 'node:net'

/**
 * Stands before a server and lets every byte arrive `delayMs` later than it would, in both directions: a round trip
 * takes twice that longer. Waits without a timer, whose steps are a whole millisecond; so it needs a core while bytes
 * are on their way.
 *
 * @param {{ port: number, delayMs: number }} options
 */
export async function startDelayingProxy({ port, delayMs }) {
  const waiting = []
  const deliver = () => {
    while (waiting.length > 0 && waiting[0].dueMs <= performance.now()) waiting.shift().send()
    if (waiting.length > 0) setImmediate(deliver)
  }
  const later = (send) => {
    waiting.push({ dueMs: performance.now() + delayMs, send })
    if (waiting.length === 1) setImmediate(deliver)
  }
  const sockets = new Set()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: '127.0.0.1', noDelay: true })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one)
      one.on('data', (chunk) => later(() => other.write(chunk)))
      one.on('end', () => later(() => other.end()))
      one.on('error', () => other.destroy())
      one.on('close', () => sockets.delete(one))
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
