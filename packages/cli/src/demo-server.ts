import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
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
  /** The mini program that the page plays. */
  appid: string
  /** Where the service and the simulator are, on the host that the page was opened by. */
  servicePort: number
  simulatorPort: number
}

/** Serves the H5 demo, telling the page at run time which service and which WeChat to use. */
export async function serveDemo(options: DemoOptions): Promise<{ url: string; close(): Promise<void> }> {
  const folder = resolve(options.folder)
  const readPage = async (host: string) => {
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
    return index.replace('</head>', `${headScripts(options, host)}</head>`)
  }
  await readPage('127.0.0.1')

  const app = new Hono()
  app.use(onlyOwnNames(options.allowHosts))
  app.use(compress())
  // Read anew each time, so that a rebuild while it runs is seen.
  const sendPage = async (context: Context) =>
    new Response(await readPage(new URL(context.req.url).hostname), {
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

/** The page finds service and simulator where it was found itself: a phone on the same network has no 127.0.0.1 of ours. */
function headScripts({ appid, servicePort, simulatorPort }: DemoOptions, host: string): string {
  const settings = { baseUrl: `http://${host}:${servicePort}`, appid }
  // A "<" inside the JSON could end the script element.
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c')
  const device = `<script src="http://${host}:${simulatorPort}/device.js" data-appid="${encodeURIComponent(appid)}"></script>`
  return `<script>window.__HAOMA__=${json}</script>${device}`
}
