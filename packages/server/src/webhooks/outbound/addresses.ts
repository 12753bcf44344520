import { BlockList, isIP } from 'node:net'

/**
 * Networks that a stranger's address must not lead to: this machine, private and link-local networks (with the metadata
 * services of clouds at 169.254.169.254), carrier-grade NAT (with 100.100.100.200 of Alibaba Cloud), and everything that
 * is no place on the public internet.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
const REFUSED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** Of IPv6 only global unicast is public, and of that not the ranges that hold an IPv4 address or no host at all. */
const PUBLIC_IPV6 = ['2000::/3']
const REFUSED_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Decides where the service may connect to. */
export interface AddressRules {
  /** Whether an operator has named this network. */
  isAllowed(address: string): boolean
  /** Whether it is on the public internet, or allowed by name. */
  mayConnect(address: string): boolean
}

/**
 * @param allowed - Addresses and CIDR ranges that may be connected to although they are not public, such as
 *   `10.1.0.0/16`.
 * @throws {TypeError} When an entry is neither; the message is for people, in Chinese and English.
 */
export function createAddressRules(allowed: readonly string[] = []): AddressRules {
  const allowList = listOf(allowed)
  const refused = listOf([...REFUSED, ...REFUSED_IPV6])
  const publicIpv6 = listOf(PUBLIC_IPV6)
  const has = (list: BlockList, address: string) => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  const isAllowed = (written: string) => has(allowList, plain(written))
  return {
    isAllowed,
    mayConnect: (written) => {
      const address = plain(written)
      const family = isIP(address)
      if (family === 0) return false
      if (isAllowed(address)) return true
      return !has(refused, address) && (family === 4 || has(publicIpv6, address))
    },
  }
}

/** An IPv4 address in the clothes of IPv6 (`::ffff:7f00:1`, `::ffff:127.0.0.1`) is the IPv4 address. */
function plain(address: string): string {
  if (isIP(address) !== 6) return address
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (high === undefined || low === undefined) return short
  const bits = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return bits.flatMap((half) => [half >> 8, half & 0xff]).join('.')
}

function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix, more] = entry.trim().split('/')
    const family = isIP(address)
    const longest = family === 4 ? 32 : 128
    const length = prefix === undefined ? longest : Number(prefix)
    if (family === 0 || more !== undefined || !/^\d{1,3}$/.test(prefix ?? '0') || length > longest) {
      throw new TypeError(
        '应为 IP 或 CIDR，如 10.0.0.0/8 / must be an IP address or a CIDR range such as 10.0.0.0/8',
      )
    }
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}
