import { type ApiKeyScope, apiKeyScopes, type OpenApiKeys, openApiKeys } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService, within } from './beside.ts'
import { commaList } from './comma-list.ts'
import { Failure } from './failure.ts'
import { type Row, table } from './table.ts'

const json = { type: 'boolean', description: '输出 JSON · Print JSON' } as const
const scopeNames = Object.keys(apiKeyScopes).join(',')

const create = defineCommand({
  meta: {
    name: 'create',
    description: '新建 API 密钥，只显示这一次 · Make an API key; it is shown once',
  },
  args: {
    name: { type: 'positional', description: '名称 · Name, for people', required: true },
    scopes: {
      type: 'string',
      description: `权限，逗号分隔 · Comma-separated: ${scopeNames}`,
      required: true,
    },
    days: { type: 'string', description: '几天后失效，默认不失效 · Days that it works; default is for ever' },
    json,
  },
  run: ({ args }) =>
    withApiKeys(async (keys) => {
      const scopes = scopesOf(args.scopes)
      const { apiKey, secret } = await keys.create({
        name: args.name,
        scopes,
        expiresAtMs: endOf(args.days),
      })
      if (args.json) return console.log(JSON.stringify({ id: apiKey.id, apiKey: secret }))
      console.log(`
${table([
  { label: 'id', value: apiKey.id },
  { label: 'apiKey', value: secret, note: '只显示这一次 · shown only now' },
])}
`)
    }),
})

const list = defineCommand({
  meta: { name: 'list', description: '列出全部 API 密钥 · List all API keys' },
  args: { json },
  run: ({ args }) =>
    withApiKeys(async (keys) => {
      const all = await keys.list()
      if (args.json) return console.log(JSON.stringify(all.map(summary), null, 2))
      if (all.length === 0)
        return console.log('还没有 API 密钥 · No API keys yet: haoma api-key create NAME --scopes …')
      console.log(table(all.map(row)))
    }),
})

const revoke = defineCommand({
  meta: { name: 'revoke', description: '吊销，处处立即失效 · End it, everywhere at once' },
  args: { id: { type: 'positional', description: 'id', required: true }, json },
  run: ({ args }) =>
    withApiKeys(async (keys) => {
      if (!(await keys.revoke(args.id))) {
        throw new Failure([
          `没有 API 密钥 ${args.id}，或它已被吊销。haoma api-key list 列出全部。`,
          `There is no API key ${args.id}, or it was revoked. haoma api-key list shows them all.`,
        ])
      }
      if (args.json) console.log(JSON.stringify({ id: args.id, revoked: true }))
      else console.log(`已吊销 · revoked: ${args.id}`)
    }),
})

/** `haoma api-key …`: works on the database, so also while the service runs. */
export const apiKey = defineCommand({
  meta: {
    name: 'api-key',
    description: '监控和自动化用的 API 密钥：新建、列出、吊销 · Keys for monitoring and automation',
  },
  subCommands: { create, list, revoke },
})

async function withApiKeys(work: (keys: OpenApiKeys) => Promise<void>): Promise<void> {
  const { database } = await besideService()
  await within(openApiKeys(database), work)
}

function scopesOf(text: string): ApiKeyScope[] {
  const scopes = commaList(text) ?? []
  const isScope = (scope: string): scope is ApiKeyScope => Object.hasOwn(apiKeyScopes, scope)
  if (scopes.length > 0 && scopes.every(isScope)) return scopes
  const unknown = scopes.filter((scope) => !isScope(scope)).join(', ')
  throw new Failure([
    `--scopes 应为 ${scopeNames} 中的一个或多个（${unknown}）。`,
    `--scopes must be one or more of ${scopeNames} (${unknown}).`,
  ])
}

const DAY_MS = 86_400_000

function endOf(days: string | undefined): number | null {
  if (days === undefined) return null
  if (/^\d{1,5}$/.test(days) && Number(days) > 0) return Date.now() + Number(days) * DAY_MS
  throw new Failure(['--days 应为天数，如 90。', '--days must be a number of days, such as 90.'])
}

type Listed = Awaited<ReturnType<OpenApiKeys['list']>>[number]

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

function summary({ id, name, hint, scopes, createdAtMs, seenAtMs, expiresAtMs, revokedAtMs }: Listed) {
  return {
    id,
    name,
    hint,
    scopes,
    createdAt: instant(createdAtMs),
    seenAt: instant(seenAtMs),
    expiresAt: instant(expiresAtMs),
    revokedAt: instant(revokedAtMs),
  }
}

function row({ id, name, scopes, revokedAtMs }: Listed): Row {
  return { label: id, value: name, note: revokedAtMs === null ? scopes.join(',') : '已吊销 · revoked' }
}
