import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { Failure } from './failure.ts'
import { onlyOwnNames } from './own-names.ts'

export interface DemoOptions {
  /** Folder of the built H5 app; its `index.html` is served at `/`. */
  folder: string
  port: number
  host: string
  /** Names beside loopback's that it may be reached by, without ports. */
  allowHosts?: readonly string[] | undefined
  /** What the page is told in `window.__HAOMA__`. */
  settings: { baseUrl: string; appid: string }
  /** Address of the simulator, whose script plays WeChat in the page. Without it the page has no WeChat. */
  simulatorUrl?: string | undefined
}

/** Serves the H5 demo, telling the page at run time which service and which WeChat to use. */
export async function serveDemo(options: DemoOptions): Promise<{ url: string; close(): Promise<void> }> {
  const folder = resolve(options.folder)
  const readPage = async () => {
    const index = await readFile(join(folder, 'index.html'), 'utf8').catch((cause: unknown) => {
      throw new Failure(
        [
          `演示页面不存在：${folder}/index.html。请先运行 npm run build。`,
          `There is no demo page at ${folder}/index.html. Run npm run build first.`,
        ],
        { cause },
      )
    })
    // Classic scripts at the end of the head run before the app's own, which is a deferred module.
    return index.replace('</head>', `${headScripts(options)}</head>`)
  }
  await readPage()

  const app = new Hono()
  app.use(onlyOwnNames(options.allowHosts))
  app.use(compress())
  // Read anew each time, so that a rebuild while it runs is seen.
  const sendPage = async () =>
    new Response(await readPage(), {
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    })
  app.get('/', sendPage)
  app.get('/index.html', sendPage)
  app.get(
    '*',
    serveStatic({
      root: folder,
      // The build puts a hash of the content into these names.
      onFound: (path, context) => {
        if (/\/assets\/[^/]+[-.][\w-]{8}\.\w+$/.test(path))
          context.header('cache-control', 'public, max-age=31536000, immutable')
      },
    }),
  )

  return new Promise((done, failed) => {
    const server = serve({ fetch: app.fetch, port: options.port, hostname: options.host }, (info) =>
      done({
        url: `http://${options.host}:${info.port}`,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      }),
    )
    server.once('error', failed)
  })
}

function headScripts({ settings, simulatorUrl }: DemoOptions): string {
  // A "<" inside the JSON could end the script element.
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c')
  const device = simulatorUrl
    ? `<script src="${simulatorUrl}/device.js" data-appid="${encodeURIComponent(settings.appid)}"></script>`
    : ''
  return `<script>window.__HAOMA__=${json}</script>${device}`
}
