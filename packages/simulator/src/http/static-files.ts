import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** How a file may lie beside itself, made smaller when the pages are built; the best first. */
const ENCODINGS = { br: '.br', gzip: '.gz' } as const

/** A name that the build has put a hash of the content into. */
const HASHED = /\/assets\/[^/]+-[\w-]{8}\.\w+$/

/**
 * Sends a file of a folder, compressed where the build has left it so and the client takes it; answers `false`, and
 * nothing else, when there is none. A hashed name is kept for good, any other is asked for again and mostly answered
 * with 304.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  path: string,
): Promise<boolean> {
  const file = resolveInside(folder, path)
  const found = file === undefined ? undefined : await findSmallest(file, request.headers['accept-encoding'])
  if (file === undefined || found === undefined) return false
  const etag = `"${found.size.toString(36)}-${Math.floor(found.mtimeMs).toString(36)}"`
  const headers: Record<string, string> = {
    'Cache-Control': HASHED.test(file.replaceAll(sep, '/'))
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    ETag: etag,
    Vary: 'Accept-Encoding',
  }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end()
    return true
  }
  if (found.encoding) headers['Content-Encoding'] = found.encoding
  response.writeHead(200, {
    ...headers,
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': String(found.size),
  })
  if (request.method === 'HEAD') {
    response.end()
    return true
  }
  createReadStream(found.file)
    .on('error', () => response.destroy())
    .pipe(response)
  return true
}

interface Found {
  file: string
  size: number
  mtimeMs: number
  encoding?: keyof typeof ENCODINGS
}

async function findSmallest(file: string, accepted = ''): Promise<Found | undefined> {
  const plain = await statFile(file)
  if (!plain) return undefined
  for (const [encoding, suffix] of Object.entries(ENCODINGS) as Array<[keyof typeof ENCODINGS, string]>) {
    if (!takes(accepted, encoding)) continue
    const smaller = await statFile(file + suffix)
    // One that is older than its original was left by an earlier build.
    if (smaller && smaller.mtimeMs >= plain.mtimeMs) return { ...smaller, encoding }
  }
  return plain
}

/** Whether `Accept-Encoding` lists it, and not with a weight of 0. */
function takes(accepted: string, encoding: string): boolean {
  return accepted.split(',').some((each) => {
    const [name, weight = 'q=1'] = each
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    return name === encoding && Number(weight.replace('q=', '')) > 0
  })
}

async function statFile(file: string): Promise<Found | undefined> {
  const stats = await stat(file).catch(() => undefined)
  return stats?.isFile() ? { file, size: stats.size, mtimeMs: stats.mtimeMs } : undefined
}

function resolveInside(folder: string, path: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  if (decoded.includes('\0')) return undefined
  const file = normalize(join(folder, decoded))
  return file.startsWith(normalize(folder) + sep) ? file : undefined
}
