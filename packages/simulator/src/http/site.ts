import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request to one of our own paths, read and parsed. */
export interface SiteRequest {
  request: IncomingMessage
  response: ServerResponse
  query: URLSearchParams
  /** The JSON body; `{}` when there is none. */
  body: unknown
}

/** What a route answers with: JSON with status 200, or nothing when it has answered itself. */
export type SiteHandler = (site: SiteRequest) => unknown

/** Routes by `METHOD /path`. */
export type Routes = Readonly<Record<string, SiteHandler>>
