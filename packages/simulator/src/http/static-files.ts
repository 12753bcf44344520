import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
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

/** Sends a file of a folder; answers `false`, and nothing else, when there is none. */
export async function sendFile(response: ServerResponse, folder: string, path: string): Promise<boolean> {
  const file = resolveInside(folder, path)
  const stats = file === undefined ? undefined : await stat(file).catch(() => undefined)
  if (file === undefined || !stats?.isFile()) return false
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': stats.size,
    'Cache-Control': 'no-cache',
  })
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
  return true
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
