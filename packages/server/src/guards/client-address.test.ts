import { describe, expect, it } from 'vitest'
import { addressGroup, addressList, createClientAddresses } from './client-address.ts'

describe('the address of a client', () => {
  const addresses = createClientAddresses(['10.0.0.0/8', '2001:db8::1'])

  it.each([
    ['the peer, who is nobody we trust, whatever it says', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['what a trusted proxy wrote', '10.0.0.2', '198.51.100.1', '198.51.100.1'],
    [
      'what the nearest trusted proxy wrote, not what a stranger put before it',
      '10.0.0.2',
      '1.2.3.4, 198.51.100.1',
      '198.51.100.1',
    ],
    ['found behind several trusted proxies', '10.0.0.2', '198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['read from an IPv4 address in IPv6 form', '::ffff:10.0.0.2', '198.51.100.1', '198.51.100.1'],
    ['read without its port', '2001:db8::1', '[2001:db8:5::7]:443', '2001:db8:5::7'],
    ['the proxy itself when it wrote nonsense', '10.0.0.2', 'unknown', '10.0.0.2'],
    ['the proxy itself when it wrote nothing', '10.0.0.2', null, '10.0.0.2'],
    ['unknown when nobody said who the peer is', undefined, '198.51.100.1', undefined],
  ])('is %s', (_name, peer, forwardedFor, expected) => {
    expect(addresses.of(peer, forwardedFor)).toBe(expected)
  })

  it('is the peer when no proxy is trusted', () => {
    expect(createClientAddresses().of('10.0.0.2', '198.51.100.1')).toBe('10.0.0.2')
  })
})

describe('a list of addresses', () => {
  it('holds addresses and ranges of both families', () => {
    const list = addressList(['192.0.2.7', '198.51.100.0/24', '2001:db8::/32'])
    expect(
      ['192.0.2.7', '::ffff:192.0.2.7', '198.51.100.255', '2001:db8:1::1'].every((ip) => list.has(ip)),
    ).toBe(true)
    expect(['192.0.2.8', '198.51.101.0', '2001:db9::1', 'nonsense', ''].some((ip) => list.has(ip))).toBe(
      false,
    )
  })

  it.each(['', 'example.com', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::1/129', '10.0.0.0/-1'])(
    'refuses %j and says what is expected',
    (entry) => {
      expect(() => addressList([entry])).toThrow(/应为 IP .* must be an IP address/)
    },
  )
})

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('counts %s as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group)
})
