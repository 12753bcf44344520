import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { sendFile } from './static-files.ts'

/** A page that was built into `dist/browser/`, and the paths it answers. */
interface Page {
  folder: string
  /** The file within the folder for a path, or `undefined` when the path is not of this page. */
  fileFor(path: string): string | undefined
}

const pages: readonly Page[] = [
  {
    folder: 'device',
    fileFor: (path) => (path === '/device.js' || path === '/device.js.map' ? path : undefined),
  },
  {
    folder: 'control',
    fileFor: (path) => {
      if (path === '/') return '/index.html'
      return path.startsWith('/assets/') || path === '/favicon.svg' || path === '/favicon.ico'
        ? path
        : undefined
    },
  },
]

// This module runs from src/http/ and, bundled, from dist/; the built pages lie in dist/browser/.
const roots = ['../../dist/browser/', './browser/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

export function isPagePath(path: string): boolean {
  return (
    path === '/phone' || path.startsWith('/phone/') || pages.some((page) => page.fileFor(path) !== undefined)
  )
}

/** Sends a file of the built pages, or 503 with the command that builds them. */
export async function servePage(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume()
  const page = pages.find(({ fileFor }) => fileFor(path) !== undefined)
  const file = page?.fileFor(path)
  // A page under test may load it as a module.
  if (page?.folder === 'device') response.setHeader('Access-Control-Allow-Origin', '*')
  if (page && file) {
    for (const root of roots) {
      if (await sendFile(request, response, root + page.folder, file)) return
    }
  }
  if (file === '/index.html' || file === '/device.js') sendText(response, 503, NOT_BUILT)
  else if (path === '/phone' || path === '/phone/') sendText(response, 503, NO_MINI_PROGRAM)
  else sendText(response, 404, 'Not found\n')
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}

const NOT_BUILT =
  '这个页面还没有构建。请在仓库根目录运行：npm run build\n' +
  'This page has not been built. In the root of the repository run: npm run build\n'

const NO_MINI_PROGRAM =
  '手机页面需要一个编译好的小程序：npx haoma simulate --miniprogram dist/build/mp-weixin\n' +
  'The phone page runs a compiled mini program: npx haoma simulate --miniprogram dist/build/mp-weixin\n'
