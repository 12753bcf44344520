import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../../test/support/receiver.ts'
import { createAddressRules } from './addresses.ts'
import { createSender, type SenderParts } from './sender.ts'

describe('address rules', () => {
  const rules = createAddressRules()
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '0:0:0:0:0:ffff:10.0.0.1',
    '::127.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'localhost',
    '',
  ])('refuse %s', (address) => {
    expect(rules.mayConnect(address)).toBe(false)
  })

  it.each([
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.0',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '::ffff:1.1.1.1',
  ])('let pass %s', (address) => {
    expect(rules.mayConnect(address)).toBe(true)
  })

  it('let pass what an operator names, in every way of writing it', () => {
    const open = createAddressRules(['10.1.0.0/16', '::1'])
    expect(['10.1.2.3', '::ffff:10.1.2.3', '::1'].map(open.mayConnect)).toEqual([true, true, true])
    expect(['10.2.0.1', '127.0.0.1'].map(open.mayConnect)).toEqual([false, false])
    expect(() => createAddressRules(['10.0.0.0/64'])).toThrow(TypeError)
  })
})

describe('the sender', () => {
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await startReceiver()
  })
  afterEach(() => receiver.close())
  const post = async (url: string, parts: Partial<SenderParts> = {}) => {
    const sender = createSender({ rules: createAddressRules(['127.0.0.1']), timeoutMs: 1000, ...parts })
    try {
      return await sender.post(url, { 'content-type': 'application/json' }, '{}')
    } finally {
      await sender.close()
    }
  }
  /** A resolver that gives these addresses, a list a call. */
  const resolving = (...answers: string[][]) => {
    let call = 0
    const resolve = (_name: string, _options: unknown, callback: (...args: unknown[]) => void) => {
      const answer = answers[Math.min(call, answers.length - 1)] ?? []
      call += 1
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }
    return { resolve: resolve as unknown as NonNullable<SenderParts['resolve']>, calls: () => call }
  }
  const named = () => receiver.url.replace('127.0.0.1', 'shop.test')

  it.each([
    ['https', 'https://127.0.0.1:1/'],
    ['http', 'http://127.0.0.1:1/'],
    ['a number for an address', 'http://2130706433:1/'],
    ['IPv6', 'http://[::1]:1/'],
    ['IPv4 in IPv6', 'https://[::ffff:169.254.169.254]/latest/meta-data'],
    ['metadata of Alibaba Cloud', 'http://100.100.100.200/latest/meta-data'],
  ])('connects to no address that is out of bounds: %s', async (_name, url) => {
    const sent = await post(url, { rules: createAddressRules() })
    expect(sent).toMatchObject({ status: null, error: 'address not allowed' })
  })

  it('refuses a name that leads out of bounds, alone or beside a public address', async () => {
    const rules = createAddressRules()
    for (const addresses of [['127.0.0.1'], ['1.1.1.1', '10.0.0.1']]) {
      const sent = await post(`https://shop.test/`, { rules, ...resolving(addresses) })
      expect(sent).toMatchObject({ status: null, error: 'address not allowed' })
    }
  })

  it('speaks plain HTTP with allowed networks only', async () => {
    const sent = await post('http://shop.test/', { ...resolving(['1.1.1.1']) })
    expect(sent).toMatchObject({ status: null, error: 'address not allowed' })
  })

  it('connects to the address that it checked, whatever the name says the next moment', async () => {
    const dns = resolving(['127.0.0.1'], ['127.0.0.2'])
    expect(await post(named(), dns)).toMatchObject({ status: 200, response: 'thanks' })
    expect(dns.calls()).toBe(1)
  })

  it('follows no redirect', async () => {
    const other = await startReceiver()
    receiver.answer = (response) => response.writeHead(307, { location: other.url }).end()
    expect(await post(receiver.url)).toMatchObject({ status: 307 })
    expect(other.received).toEqual([])
    await other.close()
  })

  it('reads of an answer what it keeps, and no more', async () => {
    receiver.answer = (response) => {
      const more = () => response.write('x'.repeat(65_536), more)
      more()
    }
    const sent = await post(receiver.url)
    expect(sent).toMatchObject({ status: 200, response: 'x'.repeat(500) })
  })

  it('takes a status as the answer when the rest never ends', async () => {
    receiver.answer = (response) => void response.writeHead(200).write('half\0')
    expect(await post(receiver.url, { timeoutMs: 300 })).toMatchObject({ status: 200, response: 'half' })
  })

  it('gives up on a receiver that does not answer in time', async () => {
    receiver.answer = () => {}
    const sent = await post(receiver.url, { timeoutMs: 200 })
    expect(sent).toMatchObject({ status: null, error: 'timed out' })
  })
})
