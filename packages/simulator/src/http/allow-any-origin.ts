import type { ServerResponse } from 'node:http'

/** Lets any page call: this is a development tool, and the page under test comes from another port. */
export function allowAnyOrigin(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Allow-Headers', 'content-type')
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE, OPTIONS')
  response.setHeader('Access-Control-Max-Age', '600')
  // A page of a public origin may only reach loopback when loopback says so.
  response.setHeader('Access-Control-Allow-Private-Network', 'true')
}
