import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { openStandIn, type StandIn } from '../../test/stand-in.ts'
import { testTransport } from '../../test/transport-conformance.ts'
import { probeWith } from '../../test/transport-probe.ts'
import { fetchTransport } from './fetch.ts'
import type { Transport } from './types.ts'
import { undiciTransport } from './undici.ts'

function subject(transport: Transport) {
  return {
    send: (probe: Parameters<typeof probeWith>[1]) => probeWith(transport, probe),
    close: async () => transport.close?.(),
  }
}

testTransport('undici', () => subject(undiciTransport({ connections: 1 })), { tellsNotSent: true })
testTransport('fetch (Node)', () => subject(fetchTransport()), { tellsNotSent: true })

let standIn: StandIn | undefined
let silent: Server | undefined
let transport: Transport | undefined
afterEach(async () => {
  await transport?.close?.()
  await standIn?.close()
  silent?.close()
})

/** Takes connections and never answers, so that a TLS handshake never ends. */
async function silentPort(): Promise<number> {
  silent = createServer(() => {})
  await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', resolve))
  return (silent.address() as AddressInfo).port
}

it('undici says that nothing was sent while a handshake is under way or all connections are taken', async () => {
  standIn = await openStandIn()
  const opened = undiciTransport({ connections: 1, connectTimeoutMs: 1000 })
  transport = opened
  const send = (origin: string, path: string, timeoutMs: number) =>
    opened.request({ origin, path, method: 'GET', timeoutMs })
  await expect(send(`https://127.0.0.1:${await silentPort()}`, '/', 200)).rejects.toMatchObject({
    code: 'ERR_WX_TIMEOUT',
    requestSent: false,
  })
  standIn.route('/wxa/slow', () => 'hang')
  const first = send(standIn.url, '/wxa/slow', 600).catch((e) => e)
  await expect(send(standIn.url, '/wxa/second', 200)).rejects.toMatchObject({
    code: 'ERR_WX_TIMEOUT',
    requestSent: false,
  })
  await first
  await send(standIn.url, '/wxa/third', 2000)
  expect(standIn.count('/wxa/second')).toBe(0)
})

it('undici gives up an unfinished handshake in time for another host', async () => {
  transport = undiciTransport({ connectTimeoutMs: 200 })
  const origin = `https://127.0.0.1:${await silentPort()}`
  await expect(
    transport.request({ origin, path: '/', method: 'GET', timeoutMs: 10_000 }),
  ).rejects.toMatchObject({ code: 'ERR_WX_NOT_SENT', requestSent: false })
})

it.each([
  [undiciTransport, { connections: 0 }, 'connections'],
  [undiciTransport, { connectTimeoutMs: 2 ** 31 }, 'connectTimeoutMs'],
  [undiciTransport, { dispatcher: {} as never }, 'dispatcher'],
  [undiciTransport, null as never, 'options of undiciTransport'],
  [fetchTransport, { fetch: 'fetch' as never }, 'fetch'],
])('%o refuses %j by name', (open: (options: object) => Transport, options, name) => {
  expect(() => open(options)).toThrow(
    expect.objectContaining({ code: 'ERR_WX_BAD_OPTION', message: expect.stringContaining(name) }),
  )
})
