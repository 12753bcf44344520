import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Whether an address is covered by entries such as `203.0.113.7`, `172.0.0.*` or `10.0.0.0/8`. */
export function isWhitelisted(ip: string, entries: readonly string[]): boolean {
  const family = familyOf(ip)
  return family !== undefined && entries.some((entry) => covers(entry, ip, family))
}

/** Whether an entry is of one of the three forms; WeChat takes no port and no name. */
export function isWhitelistEntry(entry: string): boolean {
  if (entry.endsWith('.*')) return isIPv4(`${entry.slice(0, -1)}0`)
  const [address = '', bits, ...more] = entry.split('/')
  const family = familyOf(address)
  return family !== undefined && more.length === 0 && (bits === undefined || isPrefixLength(bits, family))
}

function covers(entry: string, ip: string, family: 'ipv4' | 'ipv6'): boolean {
  if (entry.endsWith('.*')) return ip.startsWith(entry.slice(0, -1))
  const [address = '', bits] = entry.split('/')
  if (bits === undefined) return address === ip
  if (familyOf(address) !== family || !isPrefixLength(bits, family)) return false
  const list = new BlockList()
  list.addSubnet(address, Number(bits), family)
  return list.check(ip, family)
}

function familyOf(ip: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(ip)) return 'ipv4'
  return isIPv6(ip) ? 'ipv6' : undefined
}

function isPrefixLength(bits: string, family: 'ipv4' | 'ipv6'): boolean {
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128)
}
