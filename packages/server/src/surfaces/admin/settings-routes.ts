import * as schemas from '@haoma/protocol/admin'
import type { EffectiveSetting } from '../../config/effective-settings.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import type { Database } from '../../stores/database.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'

const getRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/settings',
  operationId: 'adminGetSettings',
  tags: ['Admin: settings'],
  summary: '当前生效的设置 · What the service runs with',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.settingsResponse, 'Every setting as it works; no secret.') },
})

export interface SettingsRoutesParts {
  version: string
  settings: readonly EffectiveSetting[]
  db: Pick<Database, 'about'>
  wechatHosts: readonly string[]
}

export function createSettingsRoutes({
  version,
  settings,
  db,
  wechatHosts,
}: SettingsRoutesParts): AdminRouter {
  return createAdminRouter().openapi(getRoute, async (c) => {
    const database = await db.about()
    // WeChat itself speaks HTTPS only.
    const isSimulator = wechatHosts.some((host) => host.startsWith('http:'))
    return c.json(
      { version, settings: [...settings], database, wechat: { hosts: [...wechatHosts], isSimulator } },
      200,
    )
  }) as AdminRouter
}
