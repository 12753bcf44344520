import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { KeyRing } from '../../crypto/key-ring.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { countNumbersToRekey } from '../../numbers/rekey.ts'
import type { KeyRotation, SigningKeyView } from '../../sessions/key-rotation.ts'
import type { Database } from '../../stores/database.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso, isoOrNull } from './views.ts'

const tags = ['Admin: keys']

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/keys',
  operationId: 'adminListKeys',
  tags,
  summary: '签名密钥、索引密钥与主密钥指纹 · Keys that sign, keys that index, fingerprint of the master key',
  description:
    '密钥本身从不显示。更换主密钥：haoma rekey。\n\nNo key is shown. Another master key: `haoma rekey`.',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.keysResponse, 'Newest first.') },
})

const rotateRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/keys/rotate',
  operationId: 'adminRotateSigningKey',
  tags,
  summary: '轮换签名密钥：先发布，十分钟后启用 · Rotate the signing key: published now, signs in ten minutes',
  least: 'owner',
  audits: 'signing-key.rotate',
  responses: {
    200: jsonAnswer(schemas.signingKey, 'The key that is next; one that waits already is given.'),
  },
})

const revokeRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/keys/{kid}/revoke',
  operationId: 'adminRevokeSigningKey',
  tags,
  summary: '吊销泄露的签名密钥，5 秒内处处失效 · Revoke a key that leaked, everywhere within 5 seconds',
  description:
    '该密钥签发的访问令牌随即失效；刷新令牌不受影响，客户端会自动换新。\n\n' +
    'Access tokens of this key are dead; refresh tokens stay good, so that clients go on by themselves.',
  least: 'owner',
  audits: 'signing-key.revoke',
  errors: ['NOT_THERE'],
  request: { params: z.object({ kid: z.string().max(128) }) },
  responses: { 200: jsonAnswer(schemas.signingKey, 'As it is now.') },
})

export interface KeysRoutesParts {
  db: Database
  keyRing: KeyRing
  keyRotation: KeyRotation
}

export function createKeysRoutes({ db, keyRing, keyRotation }: KeysRoutesParts): AdminRouter {
  const [current, ...old] = keyRing.all('phone-index')
  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      const [signingKeys, indexKeys] = await Promise.all([keyRotation.list(), db.indexKeys.list()])
      // Counting looks at every number; while one key writes and reads all there is nothing to count.
      const isNeeded = indexKeys.some(({ id }) => id !== current.id)
      const left = isNeeded ? await countNumbersToRekey(db, current.id) : 0
      return c.json(
        {
          signingKeys: signingKeys.map(viewOf),
          indexKeys: indexKeys.map(({ id, state, sinceMs }) => ({ id, state, since: iso(sinceMs) })),
          masterKey: { fingerprint: current.id, oldKeys: old.length },
          rekey: { isNeeded, left },
        },
        200,
      )
    })
    .openapi(rotateRoute, async (c) => c.json(viewOf(await keyRotation.rotate(c.get('caller').actor)), 200))
    .openapi(revokeRoute, async (c) => {
      const revoked = await keyRotation.revoke(c.req.valid('param').kid, c.get('caller').actor)
      if (!revoked) throw new HaomaError('NOT_THERE')
      return c.json(viewOf(revoked), 200)
    }) as AdminRouter
}

function viewOf({ kid, alg, state, createdAtMs, signsFromMs, retiredAtMs }: SigningKeyView) {
  return {
    kid,
    alg,
    state,
    createdAt: iso(createdAtMs),
    signsFrom: iso(signsFromMs),
    retiredAt: isoOrNull(retiredAtMs),
  }
}
