import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands before PostgreSQL and cuts a connection right where it hurts. */
export interface CuttingProxy {
  port: number
  /**
   * Cuts the connection of the next commit: `before` the server has heard of it, or `after` it has committed, so that
   * nobody learns of it. Resolves when that has happened.
   */
  cutCommit(when: CutMoment): Promise<void>
  close(): Promise<void>
}

export type CutMoment = 'before' | 'after'

/** A simple query, as the wire has it. @see https://www.postgresql.org/docs/15/protocol-message-formats.html */
const COMMIT_ASKED = Buffer.from('\0\0\0\x0bcommit\0', 'latin1')
const COMMIT_DONE = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1')

export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const cuts: { when: CutMoment; done: () => void }[] = []
  const sockets = new Set<Socket>()
  /** Takes the cut that waits for this, when there is one. */
  const cutAt = (when: CutMoment) => {
    if (cuts[0]?.when !== when) return false
    cuts.shift()?.done()
    return true
  }
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: serverPort, host: '127.0.0.1', noDelay: true })
    const sever = () => {
      near.resetAndDestroy()
      far.destroy()
    }
    near.on('data', (chunk) => {
      if (chunk.includes(COMMIT_ASKED) && cutAt('before')) sever()
      else far.write(chunk)
    })
    far.on('data', (chunk) => {
      if (chunk.includes(COMMIT_DONE) && cutAt('after')) sever()
      else near.write(chunk)
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cutCommit: (when) => new Promise((done) => cuts.push({ when, done })),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
