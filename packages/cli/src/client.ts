import { type ClientView, clientScopes, type OpenClients, openClients } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService, within } from './beside.ts'
import { commaList } from './comma-list.ts'
import { explaining, Failure } from './failure.ts'
import { table } from './table.ts'

const json = { type: 'boolean', description: '输出 JSON · Print JSON' } as const
const id = { type: 'positional', description: 'clientId', required: true } as const
const scopeNames = Object.keys(clientScopes).join(',')

const create = defineCommand({
  meta: {
    name: 'create',
    description: '新建一个后端客户端，密钥只显示这一次 · Make a client; its secret is shown once',
  },
  args: {
    name: { type: 'positional', description: '名称 · Name, for people', required: true },
    scopes: {
      type: 'string',
      description: `权限，逗号分隔 · Comma-separated: ${scopeNames}`,
      required: true,
    },
    apps: {
      type: 'string',
      description: '限定的 appid，逗号分隔；默认全部 · Apps it may act for; default is all',
    },
    ips: {
      type: 'string',
      description: '限定来源 IP 或 CIDR，逗号分隔 · Addresses it may call from; default is any',
    },
    paths: {
      type: 'string',
      description:
        '网关可用的微信路径，逗号分隔 · Paths for the gateway, such as /wxa/msg_sec_check,/wxa/sec/*',
    },
    'token-margin': {
      type: 'string',
      description:
        'SDK 会从 expires_in 中扣去的秒数（≥ 240 才需要）· Seconds its SDK takes off expires_in; needed from 240 on',
    },
    json,
  },
  run: ({ args }) =>
    withClients(async (clients) => {
      const credentials = await explaining(() =>
        clients.create({
          name: args.name,
          scopes: (commaList(args.scopes) ?? []) as never,
          appids: commaList(args.apps),
          ips: commaList(args.ips),
          gatewayPaths: commaList(args.paths),
          tokenMarginS: seconds('--token-margin', args['token-margin']),
        }),
      )
      printCredentials(credentials, args.json)
    }),
})

const listAll = defineCommand({
  meta: { name: 'list', description: '列出全部客户端 · List all clients' },
  args: { json },
  run: ({ args }) =>
    withClients(async (clients) => {
      const all = await clients.list()
      if (args.json) return console.log(JSON.stringify(all.map(summary), null, 2))
      if (all.length === 0)
        return console.log('还没有客户端 · No clients yet: haoma client create NAME --scopes …')
      console.log(table(all.map(row)))
    }),
})

const rotate = defineCommand({
  meta: {
    name: 'rotate',
    description: '换新密钥，旧密钥再用一天 · Give a new secret; the one before works for a day more',
  },
  args: {
    id,
    overlap: {
      type: 'string',
      description: '旧密钥还能用多少秒 · Seconds the old one still works; default 86400',
    },
    json,
  },
  run: ({ args }) =>
    withClients(async (clients) => {
      const credentials = await clients.rotate(args.id, { overlapS: seconds('--overlap', args.overlap) })
      if (!credentials) throw noSuchClient(args.id)
      printCredentials(credentials, args.json)
    }),
})

const revoke = defineCommand({
  meta: {
    name: 'revoke',
    description: '吊销客户端，5 秒内处处失效 · End a client, everywhere within 5 seconds',
  },
  args: { id, json },
  run: ({ args }) =>
    withClients(async (clients) => {
      if (!(await clients.revoke(args.id))) throw noSuchClient(args.id)
      console.log(
        args.json ? JSON.stringify({ clientId: args.id, revoked: true }) : `已吊销 · revoked: ${args.id}`,
      )
    }),
})

/** `haoma client …`: works on the database, so also while the service runs. */
export const client = defineCommand({
  meta: {
    name: 'client',
    description: '调用服务的后端：新建、列出、换密钥、吊销 · Back ends that call the service',
  },
  subCommands: { create, list: listAll, rotate, revoke },
})

async function withClients(work: (clients: OpenClients) => Promise<void>): Promise<void> {
  const { database } = await besideService()
  await within(openClients(database), work)
}

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,8}$/.test(text)) return Number(text)
  throw new Failure([`${option} 应为秒数，如 300。`, `${option} must be a number of seconds, such as 300.`])
}

function printCredentials(
  credentials: { clientId: string; clientSecret: string },
  asJson: boolean | undefined,
): void {
  if (asJson) {
    console.log(JSON.stringify(credentials))
    return
  }
  console.log(`
${table([
  { label: 'clientId', value: credentials.clientId },
  { label: 'clientSecret', value: credentials.clientSecret, note: '只显示这一次 · shown only now' },
])}
`)
}

const noSuchClient = (clientId: string) =>
  new Failure([
    `没有客户端 ${clientId}，或它已被吊销。haoma client list 列出全部。`,
    `There is no client ${clientId}, or it was revoked. haoma client list shows them all.`,
  ])

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

function summary({ id, name, scopes, appids, ips, gatewayPaths, tokenMarginS, ...client }: ClientView) {
  return {
    clientId: id,
    name,
    scopes,
    apps: appids,
    ips,
    gatewayPaths,
    tokenMarginS,
    createdAt: instant(client.createdAtMs),
    seenAt: instant(client.seenAtMs),
    revokedAt: instant(client.revokedAtMs),
    secrets: client.secrets.map((secret) => ({
      hint: secret.hint,
      createdAt: instant(secret.createdAtMs),
      expiresAt: instant(secret.expiresAtMs),
      revokedAt: instant(secret.revokedAtMs),
    })),
  }
}

function row({ id, name, scopes, revokedAtMs }: ClientView) {
  return { label: id, value: name, note: revokedAtMs === null ? scopes.join(',') : '已吊销 · revoked' }
}
