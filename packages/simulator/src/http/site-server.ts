import type { IncomingMessage, ServerResponse } from 'node:http'
import { SimulatorError } from '../errors.ts'
import { sendError, sendJson } from './json-response.ts'
import type { Gate } from './own-names.ts'
import { readBody } from './read-body.ts'
import type { Routes } from './site.ts'

/** Enough for a state file with a million codes in it. */
const BODY_LIMIT_BYTES = 512 * 1024 * 1024

/**
 * Serves the device and control endpoints: JSON in, JSON out. Device endpoints are for pages of any origin, as a
 * phone is; control endpoints for callers that the gate lets in.
 */
export function createSiteServer(routes: Routes, gate: Gate) {
  const methodsOf = (path: string) =>
    Object.keys(routes)
      .filter((route) => route.slice(route.indexOf(' ') + 1) === path)
      .map((route) => route.slice(0, route.indexOf(' ')))

  return (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url = '/' } = request
    const [path = '/', queryText = ''] = splitOnce(url, '?')
    const isControl = !path.startsWith('/_device/')
    gate.allowOrigins(request, response, isControl)
    if (method === 'OPTIONS') {
      request.resume()
      response.writeHead(204, { 'Content-Length': '0' }).end()
      return
    }
    readBody(request, BODY_LIMIT_BYTES, (received) => {
      const handler = Object.hasOwn(routes, `${method} ${path}`) ? routes[`${method} ${path}`] : undefined
      Promise.resolve()
        .then(() => {
          if (isControl) gate.requireController(request)
          if (!handler) throw noRoute(method, path, methodsOf(path))
          const body = received === undefined ? tooLarge() : parseBody(received)
          return handler({ request, response, query: new URLSearchParams(queryText), body })
        })
        .then((value) => (value === undefined ? undefined : sendJson(response, 200, value)))
        .catch((error: unknown) => sendError(response, error))
    })
  }
}

function splitOnce(input: string, separator: string): [string, string] {
  const at = input.indexOf(separator)
  return at < 0 ? [input, ''] : [input.slice(0, at), input.slice(at + 1)]
}

function parseBody(input: string): unknown {
  if (input.trim() === '') return {}
  try {
    return JSON.parse(input)
  } catch {
    throw new SimulatorError(400, 'NOT_JSON', { zh: '请求体不是 JSON。', en: 'The body is not JSON.' })
  }
}

function tooLarge(): never {
  throw new SimulatorError(413, 'BODY_TOO_LARGE', { zh: '请求体过大。', en: 'The body is too large.' })
}

function noRoute(method: string, path: string, methods: string[]): SimulatorError {
  return methods.length > 0
    ? new SimulatorError(405, 'METHOD_NOT_ALLOWED', {
        zh: `${path} 只接受 ${methods.join('、')}。`,
        en: `${path} takes ${methods.join(', ')}.`,
      })
    : new SimulatorError(404, 'NO_SUCH_PATH', {
        zh: `模拟器没有 ${method} ${path}，接口列表见 docs/simulator.md。`,
        en: `The simulator has no ${method} ${path}. The list of calls: docs/simulator.md.`,
      })
}
