import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TransportErrorCode, TransportRequest, TransportResponse } from '../src/index.ts'
import { openStandIn, type StandIn } from './stand-in.ts'

/** A request, and how long after its start its caller gives up. */
export type Probe = TransportRequest & { readonly abortAfterMs?: number | undefined }

/** What came of a request, in a form that can leave a Worker. */
export type Outcome =
  | { readonly response: Omit<TransportResponse, 'bytes'> & { readonly bytes?: number[] | undefined } }
  | { readonly error: Failure }

export interface Failure {
  readonly name: string
  readonly code: TransportErrorCode
  readonly requestSent: boolean
  readonly status?: number | undefined
  /** Everything that a log could make of it. */
  readonly printed: string
}

/** A transport, wherever it runs. */
export interface Subject {
  send(probe: Probe): Promise<Outcome>
  close?(): Promise<void>
}

/** A port that was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * The rules that every transport keeps, against one and the same server.
 *
 * @param traits - whether the transport is told that a connection was never opened; without, it has to count as sent
 */
export function testTransport(
  name: string,
  open: () => Promise<Subject> | Subject,
  traits: { readonly tellsNotSent: boolean },
): void {
  describe(`the ${name} transport`, () => {
    let standIn: StandIn
    let subject: Subject

    beforeAll(async () => {
      standIn = await openStandIn()
      subject = await open()
    })
    afterAll(async () => {
      await subject.close?.()
      await standIn.close()
    })
    beforeEach(() => {
      standIn.seen.length = 0
      standIn.unroute('/wxa/any')
    })

    async function answer(probe: Partial<Probe> = {}) {
      const outcome = await subject.send({ ...base(), ...probe })
      if ('error' in outcome) throw new Error(`${outcome.error.code}: ${outcome.error.printed}`)
      return outcome.response
    }

    async function failure(probe: Partial<Probe> = {}) {
      const outcome = await subject.send({ ...base(), ...probe })
      if ('response' in outcome) throw new Error(`answered ${outcome.response.status}`)
      return outcome.error
    }

    const base = (): Probe => ({ origin: standIn.url, path: '/wxa/any', method: 'GET', timeoutMs: 5000 })

    it('sends a body with Content-Length and gives status, headers and text', async () => {
      standIn.route('/wxa/any', () => ({ text: '手机号', status: 418, headers: { 'x-from': 'wechat' } }))
      const response = await answer({ method: 'POST', body: '{"a":"手"}' })
      expect(response).toMatchObject({ status: 418, body: '手机号', headers: { 'x-from': 'wechat' } })
      expect(standIn.seen[0]).toMatchObject({ method: 'POST', body: '{"a":"手"}' })
      expect(standIn.seen[0]?.headers).toMatchObject({
        'content-length': '11',
        'content-type': 'application/json',
      })
    })

    it('reads a long text that comes in many pieces', async () => {
      const text = '手机'.repeat(200_000)
      standIn.route('/wxa/any', () => ({ text, status: 200 }))
      expect((await answer()).body).toBe(text)
    })

    it('takes a byte-order mark off, and leaves control characters', async () => {
      standIn.route('/wxa/any', () => ({ text: '\ufeff{"a":"\t\n"}', status: 200 }))
      expect((await answer()).body).toBe('{"a":"\t\n"}')
    })

    it.each([
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
    ] as const)('reads an answer that a relay has packed by %s', async (encoding, pack) => {
      const headers = { 'content-encoding': encoding }
      standIn.route('/wxa/any', () => ({ text: pack('{"手":1}'), status: 200, headers }))
      expect((await answer()).body).toBe('{"手":1}')
    })

    it('says that the request was sent when a packed answer cannot be unpacked', async () => {
      const headers = { 'content-encoding': 'gzip' }
      standIn.route('/wxa/any', () => ({ text: 'no gzip', status: 200, headers }))
      expect(await failure()).toMatchObject({ name: 'WxTransportError', requestSent: true })
    })

    it.each([301, 302, 303, 307, 308])(
      'gives a redirect by %i as it is and does not follow it',
      async (status) => {
        standIn.route('/wxa/any', () => ({ text: '{}', status, headers: { location: '/wxa/elsewhere' } }))
        expect((await answer()).status).toBe(status)
        expect(standIn.count('/wxa/elsewhere')).toBe(0)
      },
    )

    it.each([
      ['as it is', {}, (bytes: Buffer) => bytes],
      ['packed', { 'content-encoding': 'gzip' }, (bytes: Buffer) => gzipSync(bytes)],
    ])('refuses an answer longer than any of WeChat, %s', async (_, headers, pack) => {
      const text = pack(Buffer.alloc(11 * 2 ** 20, 'x'))
      standIn.route('/wxa/any', () => ({ text, status: 200, headers }))
      expect(await failure()).toMatchObject({ code: 'ERR_WX_BAD_RESPONSE', requestSent: true, status: 200 })
    })

    it('sends bytes with Content-Length and gives bytes, as they are', async () => {
      const bytes = Buffer.from([0xff, 0xd8, 0x00, 0xef, 0xbb, 0xbf])
      const headers = { 'content-type': 'multipart/form-data; boundary=x' }
      standIn.route('/wxa/any', () => ({
        text: bytes,
        status: 200,
        headers: { 'content-type': 'image/jpeg' },
      }))
      const response = await answer({
        method: 'POST',
        body: new Uint8Array(bytes),
        headers,
        wantsBytes: true,
      })
      expect(standIn.seen[0]?.bytes).toEqual(bytes)
      expect(standIn.seen[0]?.headers).toMatchObject({ 'content-length': '6', ...headers })
      expect(response).toMatchObject({
        bytes: [...bytes],
        body: '',
        headers: { 'content-type': 'image/jpeg' },
      })
    })

    it('says that the request was sent when the connection breaks, before an answer or within one', async () => {
      standIn.route('/wxa/any', () => 'cut')
      expect(await failure()).toMatchObject({ code: 'ERR_WX_CONNECTION_LOST', requestSent: true })
      const headers = { 'content-length': '100' }
      standIn.route('/wxa/any', () => ({ status: 200, headers, text: '{"half":', isCut: true }))
      expect(await failure()).toMatchObject({ code: 'ERR_WX_CONNECTION_LOST', requestSent: true })
    })

    it('says that the request was sent when the time runs out or the caller aborts afterwards', async () => {
      standIn.route('/wxa/any', () => 'hang')
      expect(await failure({ timeoutMs: 150 })).toMatchObject({ code: 'ERR_WX_TIMEOUT', requestSent: true })
      expect(await failure({ abortAfterMs: 150 })).toMatchObject({
        code: 'ERR_WX_ABORTED',
        requestSent: true,
      })
      expect(standIn.seen).toHaveLength(2)
    })

    it('sends nothing for a caller that has given up already', async () => {
      expect(await failure({ abortAfterMs: 0 })).toMatchObject({ code: 'ERR_WX_ABORTED', requestSent: false })
      expect(standIn.seen).toHaveLength(0)
    })

    it('cannot reach a closed port, and never says "not sent" without knowing', async () => {
      const error = await failure({ origin: `http://127.0.0.1:${await closedPort()}` })
      const expected = traits.tellsNotSent
        ? { code: 'ERR_WX_NOT_SENT', requestSent: false }
        : { code: 'ERR_WX_CONNECTION_LOST', requestSent: true }
      expect(error).toMatchObject(expected)
    })

    it('puts no query into an error, nor into its cause', async () => {
      standIn.route('/wxa/any', () => 'cut')
      const error = await failure({ path: '/wxa/any?access_token=leaked' })
      expect(error.printed).not.toContain('leaked')
    })
  })
}
