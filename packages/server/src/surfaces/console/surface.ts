import type { Handler } from 'hono'
import { access } from '../../http/access.ts'
import { allowAddresses } from '../../http/allowed-addresses.ts'
import { addDocumented, type DocumentedRoute } from '../../http/documented.ts'
import { answerHeaders } from '../../http/headers.ts'
import { observe } from '../../http/observe.ts'
import { problemAnswers } from '../../http/openapi.ts'
import { answerProblem } from '../../http/problems.ts'
import { type AppEnv, createRouter, type Middleware } from '../../http/router.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Surface } from '../surface.ts'
import { type ConsoleFiles, installedConsole, openConsoleFiles } from './console-files.ts'

export interface ConsoleSurfaceParts {
  /** Folder of the built console; undefined is the installed one, false serves none. */
  folder: string | false | undefined
  /** Where the service is mounted; empty at the root. */
  basePath: string
  /** Addresses that may reach it, as those of administrators; undefined is everywhere. */
  ips: readonly string[] | undefined
  logger: Logger
  clock: Clock
  newId: NewId
}

/** The page runs its own files and talks to its own service: nothing else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** `/console`: the files of the console. What they show comes from `/admin/v1`, by whoever is signed in. */
export function createConsoleSurface(parts: ConsoleSurfaceParts): Surface {
  const folder = parts.folder ?? installedConsole()
  const files = folder ? openConsoleFiles(folder, parts.basePath) : undefined
  const router = createRouter()
  router.onError(answerProblem)
  router.notFound(() => {
    throw new HaomaError('NOT_FOUND')
  })
  router.use(observe(parts), answerHeaders, allowAddresses(parts.ips))
  const route = {
    methods: ['get'],
    tags: ['Operations'],
    security: access.anybody,
    responses: {
      200: { description: 'HTML; below `assets/` and for `icon.svg`, that file.' },
      304: { description: 'The browser has it.' },
      ...problemAnswers('NOT_FOUND'),
    },
  } satisfies Partial<DocumentedRoute>
  addDocumented(
    router,
    { ...route, path: '/console', operationId: 'getConsole', summary: '控制台 · The console' },
    servePage(files),
  )
  addDocumented(
    router,
    {
      ...route,
      path: '/console/*',
      operationId: 'getConsoleFile',
      summary: '控制台的页面和文件 · Pages and files of the console',
    },
    serveFile(files),
    servePage(files),
  )
  return { prefixes: ['/console'], router }
}

/** Names with a dot are files; any other address is one of the page's own. */
const serveFile =
  (files: ConsoleFiles | undefined): Middleware =>
  async (c, next) => {
    const name = c.req.path.slice('/console/'.length)
    if (!/\.\w+$/.test(name)) return next()
    const file = await files?.read(name, c.req.header('accept-encoding'))
    if (!file) throw new HaomaError('NOT_FOUND')
    return c.body(new Uint8Array(file.body), 200, file.headers)
  }

const servePage =
  (files: ConsoleFiles | undefined): Handler<AppEnv> =>
  async (c) => {
    if (!files) throw new HaomaError('NOT_FOUND')
    const { page } = files
    c.header('content-security-policy', contentSecurityPolicy)
    c.header('cache-control', 'no-cache')
    c.header('etag', page.etag)
    return c.req.header('if-none-match') === page.etag ? c.body(null, 304) : c.html(page.html)
  }
