/** Never through the gateway, whoever asks: what would hand out the token or the secret, or spend what is paid for. */
const closed: readonly RegExp[] = [
  /^\/cgi-bin\/(stable_)?token$/,
  /^\/cgi-bin\/clear_quota(\/|$)/,
  /^\/cgi-bin\/openapi\/(quota\/clear|rid\/)/,
  /^\/cgi-bin\/component\//,
  /^\/sns\//,
  /^\/wxa\/(checksession|resetusersessionkey)$/,
  /^\/wxa\/business\/(getuserphonenumber|getuserencryptkey|checkencryptedmsg)$/,
]

/**
 * The path of WeChat's that a request means, as it will be sent: `undefined` when it is written in any way that two
 * readers could read differently, such as with `%2e`, `//`, `;` or a backslash.
 */
export function gatewayPath(pathname: string, appid: string): string | undefined {
  const prefix = `/wechat/${appid}`
  if (!pathname.startsWith(`${prefix}/`)) return undefined
  const path = pathname.slice(prefix.length)
  const isPlain = /^(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/.test(path) && !path.includes('..')
  return isPlain ? path : undefined
}

/**
 * @param path - from {@link gatewayPath}
 * @param open - the paths that are open to the client: each one path, or all below one, as `/wxa/sec/*`
 */
export function isOpen(path: string, open: readonly string[]): boolean {
  const named = path.toLowerCase()
  if (closed.some((pattern) => pattern.test(named))) return false
  return open.some((entry) => {
    const wanted = entry.toLowerCase()
    return wanted.endsWith('/*') ? named.startsWith(wanted.slice(0, -1)) : named === wanted
  })
}
