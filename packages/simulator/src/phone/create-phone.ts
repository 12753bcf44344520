import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bundle, createBundle } from './bundle.ts'
import { PhoneProjectError } from './errors.ts'
import { isSameOrigin, type ProxyRequest, sendProxied } from './proxy.ts'
import { watchFolder } from './watch.ts'

/** How to run a compiled mini program on the phone page. */
export interface PhoneOptions {
  /** The compiled mini program, as it would be uploaded to WeChat; it need not exist yet. */
  folder: string
  /**
   * Where the page's own built files are. Default is the folder inside the package; tests that build the
   * page themselves give another.
   */
  browserFolder?: string
}

/** The phone page as a part of the simulator's HTTP server. */
export interface Phone {
  /** Answers a request below `/phone`; returns false for any other, and leaves it alone. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /** Stops watching the folder and ends open event streams. */
  close(): void
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

const maxProxyBodyBytes = 20 * 1024 * 1024

/**
 * Serves the phone page and the mini program it runs. Compiles at the first look and again after each change
 * of the folder; open pages are told to reload.
 *
 * @example
 * ```ts
 * const phone = createPhone({ folder: 'dist/build/mp-weixin' })
 * createServer((request, response) => phone.handle(request, response) || notFound(response))
 * ```
 */
export function createPhone(options: PhoneOptions): Phone {
  const folder = resolve(options.folder)
  const browserFolder = options.browserFolder ?? findBrowserFolder()
  const listeners = new Set<ServerResponse>()
  let bundle: Promise<Bundle> | undefined

  const stopWatching = watchFolder(folder, () => {
    bundle = undefined
    for (const listener of listeners) listener.write('event: change\ndata: {}\n\n')
  })

  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    'GET /phone': (_, response) => sendFile(response, browserFolder, 'index.html'),
    'GET /phone/': (_, response) => sendFile(response, browserFolder, 'index.html'),
    'GET /phone/frame': (_, response) => sendFile(response, browserFolder, 'frame.html'),
    'GET /phone/bundle': async (_, response) => {
      bundle ??= createBundle(folder)
      try {
        sendJson(response, 200, await bundle)
      } catch (error) {
        bundle = undefined
        if (!(error instanceof PhoneProjectError)) throw error
        sendJson(response, 422, { reason: error.reason, texts: error.texts })
      }
    },
    'GET /phone/events': async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(': open\n\n')
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
    },
    'POST /phone/request': async (request, response) => {
      if (!isSameOrigin(request)) {
        sendJson(response, 403, { reason: 'only the phone page itself may send through this address' })
        return
      }
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      sendJson(response, 200, await sendProxied(await readProxyRequest(request), gone.signal))
    },
  }

  return {
    handle(request, response) {
      const path = decodePath(request.url ?? '/')
      if (path === undefined || !(path === '/phone' || path.startsWith('/phone/'))) return false
      const route = routes[`${request.method} ${path}`]
      const done =
        route?.(request, response) ??
        (path.startsWith('/phone/files/')
          ? sendFile(response, folder, path.slice('/phone/files/'.length))
          : sendFile(response, browserFolder, path.slice('/phone/'.length)))
      done.catch((error: Error) => {
        if (response.headersSent) response.destroy()
        else sendJson(response, 500, { reason: error.message })
      })
      return true
    },
    close() {
      stopWatching()
      for (const listener of listeners) listener.end()
    },
  }
}

/** This module runs from src/phone/ and, bundled, from dist/. */
function findBrowserFolder(): string {
  const places = ['../../dist/browser/phone', './browser/phone'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? (places[0] as string)
}

function decodePath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url, 'http://simulator').pathname)
  } catch {
    return undefined
  }
}

async function sendFile(response: ServerResponse, root: string, path: string): Promise<void> {
  const file = normalize(join(root, path))
  const body = file.startsWith(root + sep) ? await readFile(file).catch(() => undefined) : undefined
  if (body === undefined) {
    sendJson(response, 404, { reason: `no such file: ${path}` })
    return
  }
  response.writeHead(200, {
    'content-type': types[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': 'no-cache',
  })
  response.end(body)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(value))
}

async function readProxyRequest(request: IncomingMessage): Promise<ProxyRequest> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxProxyBodyBytes) throw new Error(`the body exceeds ${maxProxyBodyBytes} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ProxyRequest
}
