export interface BasicCredentials {
  clientId: string
  clientSecret: string
}

/**
 * Reads the id and secret of a client from an `Authorization` header; `undefined` when it is not HTTP Basic.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export function readBasicCredentials(authorization: string | undefined): BasicCredentials | undefined {
  const encoded = /^basic +([a-z0-9+/_-]+={0,2})$/i.exec(authorization?.trim() ?? '')?.[1]
  if (encoded === undefined || encoded.length > 512) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 1) return undefined
  return { clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1) }
}
