import { createHash } from 'node:crypto'
import { access } from '../../http/access.ts'
import { addDocumented, type DocumentedRoute } from '../../http/documented.ts'
import { createRouter, type Router } from '../../http/router.ts'
import { readSwaggerFile, type SwaggerFile, swaggerFiles } from './swagger-files.ts'

const script = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null })`
const scriptHash = createHash('sha256').update(script).digest('base64')

const page = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Haoma API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>${script}</script>
</body>
</html>
`

/** Swagger UI draws with inline styles and data images; of scripts only its own and the one above may run. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${scriptHash}'`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** `/docs`: the OpenAPI document for people, with nothing loaded from elsewhere. */
export function createDocsRoutes(): Router {
  const router = createRouter()
  const pageRoute = {
    methods: ['get'],
    path: '/docs',
    operationId: 'getDocs',
    tags: ['Operations'],
    summary: '这个页面 · This page',
    security: access.anybody,
    responses: { 200: { description: 'HTML.' } },
  } satisfies DocumentedRoute
  addDocumented(router, pageRoute, (c) => {
    c.header('content-security-policy', contentSecurityPolicy)
    return c.html(page)
  })
  const rootRoute = {
    ...pageRoute,
    path: '/',
    operationId: 'getRoot',
    summary: '转到接口页面 · Leads to the page of calls',
    responses: { 302: { description: 'To `docs`.' } },
  }
  // Whoever opens the address that was printed wants to know what is here. Relative, so that a mount keeps its path.
  addDocumented(router, rootRoute, (c) => c.redirect('docs'))
  for (const [name, type] of Object.entries(swaggerFiles)) {
    const operationId = `getDocsFile_${name.replace(/\W/g, '_')}`
    const fileRoute = {
      ...pageRoute,
      path: `/docs/${name}`,
      operationId,
      summary: '这个页面的文件 · A file of this page',
    }
    addDocumented(router, fileRoute, async (c) => {
      const file = await readSwaggerFile(name as SwaggerFile)
      return c.body(new Uint8Array(file), 200, {
        'content-type': type,
        'cache-control': 'public, max-age=86400',
      })
    })
  }
  return router
}
