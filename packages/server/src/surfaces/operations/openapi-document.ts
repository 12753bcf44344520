import { createRouter } from '../../http/router.ts'
import type { Surface } from '../surface.ts'

/** The OpenAPI document of all surfaces, made from the schemas that check their requests. */
export function createDocument(
  surfaces: readonly Surface[],
  { version, basePath }: { version: string; basePath: string },
) {
  const whole = createRouter()
  for (const { router } of surfaces) whole.route('/', router)
  return whole.getOpenAPI31Document({
    openapi: '3.1.0',
    // Without a mount of its own: wherever this document lies.
    servers: [{ url: basePath.replace(/\/+$/, '') || './' }],
    info: {
      title: 'Haoma',
      version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description:
        '微信小程序手机号登录。错误是 RFC 9457 文档，客户端按 `action` 处理。\n\n' +
        'Phone-number login for WeChat Mini Programs. Errors are problem documents (RFC 9457); `action` says ' +
        'what a client does about one.',
    },
  })
}
