import { access } from '../../http/access.ts'
import { addDocumented, type DocumentedRoute } from '../../http/documented.ts'
import { languageOf, pickLanguage } from '../../http/language.ts'
import { createRouter, type Router } from '../../http/router.ts'
import { docsContentSecurityPolicy, docsPage } from './docs-page.ts'
import { readSwaggerFile, type SwaggerFile, swaggerFiles } from './swagger-files.ts'

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
    const language = languageOf(c.req.query('language')) ?? pickLanguage(c.req.header('accept-language'))
    c.header('content-security-policy', docsContentSecurityPolicy)
    c.header('vary', 'Accept-Language')
    return c.html(docsPage(language))
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
      const takesBrotli = /\bbr\b/.test(c.req.header('accept-encoding') ?? '')
      const { bytes, encoding } = await readSwaggerFile(name as SwaggerFile, takesBrotli)
      if (encoding) c.header('content-encoding', encoding)
      return c.body(bytes, 200, {
        'content-type': type,
        'cache-control': 'public, max-age=86400',
        vary: 'Accept-Encoding',
      })
    })
  }
  return router
}
