import { BlockList, isIP } from 'node:net'

/** Reads where a request came from. */
export interface ClientAddresses {
  /**
   * The address of the client: the peer's own, unless the peer is a trusted proxy; then the last address of
   * `X-Forwarded-For` that no trusted proxy wrote. What a stranger puts in front of that is never believed.
   */
  of(peer: string | undefined, forwardedFor: string | null): string | undefined
  /** Whether the peer may name things for others, such as `X-Request-Id`. */
  isTrusted(peer: string | undefined): boolean
}

/**
 * @param proxies - Addresses and CIDR ranges of the proxies in front, such as `10.0.0.0/8`. Default is none: then
 *   nothing that a request says of its origin is believed.
 * @throws {TypeError} When an entry is neither.
 */
export function createClientAddresses(proxies: readonly string[] = []): ClientAddresses {
  const trusted = addressList(proxies)
  const isTrusted = (address: string | undefined) => address !== undefined && trusted.has(address)
  return {
    isTrusted: (peer) => isTrusted(plain(peer)),
    of: (peer, forwardedFor) => {
      let address = plain(peer)
      if (!isTrusted(address)) return address
      const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()))
      while (isTrusted(address) && hops.length > 0) {
        const hop = hops.pop()
        // A proxy that writes nonsense is still the last one we know.
        if (hop === undefined) break
        address = hop
      }
      return address
    },
  }
}

export interface AddressList {
  has(address: string): boolean
}

/**
 * A list of addresses and CIDR ranges.
 *
 * @throws {TypeError} Naming, in Chinese and English, what is expected, for an entry that is neither.
 */
export function addressList(entries: readonly string[]): AddressList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix, more] = entry.trim().split('/')
    const family = isIP(address)
    const longest = family === 4 ? 32 : 128
    const length = prefix === undefined ? longest : Number(prefix)
    const isRange = /^\d{1,3}$/.test(prefix ?? '0') && length <= longest && more === undefined
    if (family === 0 || !isRange) {
      throw new TypeError(
        '应为 IP 或 CIDR，如 10.0.0.0/8 / must be an IP address or a CIDR range such as 10.0.0.0/8',
      )
    }
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  }
  if (entries.length === 0) return { has: () => false }
  return {
    has: (address) => {
      const known = plain(address)
      return known !== undefined && list.check(known, isIP(known) === 4 ? 'ipv4' : 'ipv6')
    },
  }
}

/**
 * What limits count: an IPv4 address, or the /64 of an IPv6 address, which is what one household or one machine gets.
 */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  const groups = [...left, ...zeros, ...right].slice(0, 4)
  return `${groups.map((group) => (Number.parseInt(group, 16) || 0).toString(16)).join(':')}::/64`
}

/** `::ffff:192.0.2.1` as `192.0.2.1`, `[::1]:80` and `192.0.2.1:80` without the port; `undefined` when it is no address. */
function plain(address: string | undefined): string | undefined {
  if (!address) return undefined
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare
  return isIP(mapped) === 0 ? undefined : mapped
}
