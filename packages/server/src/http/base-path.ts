/**
 * Takes the path under which the handler is mounted off a request. What does not lie under it passes as it is, because
 * some frameworks take it off themselves.
 *
 * @throws {TypeError} When the path does not look like `/auth`.
 */
export function createBasePath(basePath: string): (request: Request) => Request {
  const base = basePath.replace(/\/+$/, '')
  if (base === '') return (request) => request
  if (!/^(\/[\w.~-]+)+$/.test(base)) {
    throw new TypeError('basePath 应形如 /auth / basePath must look like /auth')
  }
  return (request) => {
    const url = new URL(request.url)
    if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return request
    url.pathname = url.pathname.slice(base.length) || '/'
    return new Request(url, request)
  }
}
