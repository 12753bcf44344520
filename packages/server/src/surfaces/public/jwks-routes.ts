import { createRoute, z } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { SigningKeys } from '../../sessions/signing-keys.ts'

const jwksRoute = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'getJwks',
  tags: ['Session'],
  summary: '验证访问凭证的公钥 · Public keys that verify access tokens',
  security: access.anybody,
  responses: {
    200: jsonAnswer(
      z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) }),
      'A JSON Web Key Set (RFC 7517).',
    ),
  },
})

export function createJwksRoutes(signingKeys: SigningKeys): Router {
  return createRouter().openapi(jwksRoute, async (c) => {
    c.header('cache-control', 'public, max-age=300')
    return c.json((await signingKeys.jwks()) as { keys: { kid: string; kty: string }[] }, 200)
  })
}
