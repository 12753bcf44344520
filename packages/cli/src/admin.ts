import { adminRoles, type NewLink, type OpenAdministrators, openAdministrators } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService, within } from './beside.ts'
import { Failure } from './failure.ts'
import type { Settings } from './settings.ts'
import { type Row, table } from './table.ts'

const json = { type: 'boolean', description: '输出 JSON · Print JSON' } as const
const name = { type: 'positional', description: '用户名 · Name', required: true } as const
const url = {
  type: 'string',
  description: '控制台的对外地址 · Address of the service, for the link; default is this machine’s',
} as const

const actor = { actorKind: 'cli', actorId: 'haoma', ip: null, requestId: null } as const

const create = defineCommand({
  meta: {
    name: 'create',
    description:
      '生成一次性链接来新建管理员；第一个总是所有者 · A one-time link that makes an administrator; the first one is an owner',
  },
  args: {
    role: {
      type: 'enum',
      options: [...adminRoles],
      description: '角色；默认 viewer · Role; default is viewer',
    },
    url,
    json,
  },
  run: ({ args }) =>
    withAdministrators(async (administrators, settings) => {
      const link = await administrators.invite(args.role ?? 'viewer', actor)
      printLink(link, addressOf(link, args.url, settings), args.json)
    }),
})

const reset = defineCommand({
  meta: {
    name: 'reset',
    description:
      '生成一次性链接来重设密码，动态验证码一并关闭 · A one-time link to a new password; one-time codes are switched off',
  },
  args: { name, url, json },
  run: ({ args }) =>
    withAdministrators(async (administrators, settings) => {
      const link = await administrators.resetByName(args.name, actor)
      if (!link) throw noSuchAdministrator(args.name)
      printLink(link, addressOf(link, args.url, settings), args.json)
    }),
})

const listAll = defineCommand({
  meta: { name: 'list', description: '列出全部管理员 · List all administrators' },
  args: { json },
  run: ({ args }) =>
    withAdministrators(async (administrators) => {
      const all = await administrators.list()
      if (args.json) return console.log(JSON.stringify(all.map(summary), null, 2))
      if (all.length === 0) return console.log('还没有管理员 · No administrators yet: haoma admin create')
      console.log(table(all.map(row)))
    }),
})

const signOut = defineCommand({
  meta: {
    name: 'sign-out',
    description:
      '结束该管理员的全部会话和未用的邀请 · End all sessions of an administrator, and invitations that nobody used',
  },
  args: { name, json },
  run: ({ args }) =>
    withAdministrators(async (administrators) => {
      await administrators.endSessions(await idOf(administrators, args.name), actor)
      if (args.json) console.log(JSON.stringify({ username: args.name, signedOut: true }))
      else console.log(`已在各处退出 · signed out everywhere: ${args.name}`)
    }),
})

/** `enable` and `disable` differ in a word. */
const toggle = (verb: 'enable' | 'disable', description: string) =>
  defineCommand({
    meta: { name: verb, description },
    args: { name, json },
    run: ({ args }) =>
      withAdministrators(async (administrators) => {
        const isDisabled = verb === 'disable'
        await administrators.change(await idOf(administrators, args.name), { isDisabled }, actor)
        if (args.json) console.log(JSON.stringify({ username: args.name, enabled: !isDisabled }))
        else console.log(`${isDisabled ? '已停用 · off' : '已启用 · on'}: ${args.name}`)
      }),
  })

/** `haoma admin …`: works on the database, so also while the service runs. */
export const admin = defineCommand({
  meta: {
    name: 'admin',
    description: '控制台的管理员：新建、重设、列出、退出、停用 · Who may use the console',
  },
  subCommands: {
    create,
    reset,
    list: listAll,
    'sign-out': signOut,
    disable: toggle('disable', '停用账号，会话立即结束 · Take an account away; its sessions end at once'),
    enable: toggle('enable', '重新启用账号 · Give an account back'),
  },
})

async function withAdministrators(
  work: (administrators: OpenAdministrators, settings: Settings) => Promise<void>,
): Promise<void> {
  const { database, settings } = await besideService()
  await within(openAdministrators(database), (administrators) => work(administrators, settings))
}

/** @throws {Failure} When nobody has that name. */
async function idOf(administrators: OpenAdministrators, username: string): Promise<string> {
  const found = (await administrators.list()).find((one) => one.username === username)
  if (!found) throw noSuchAdministrator(username)
  return found.id
}

const noSuchAdministrator = (username: string) =>
  new Failure([
    `没有管理员 ${username}。haoma admin list 列出全部。`,
    `There is no administrator ${username}. haoma admin list shows them all.`,
  ])

/** The token stands behind the #, where no server and no log sees it. */
export function consoleLink(base: string, token: string): string {
  return `${base.replace(/\/+$/, '')}/console/#/link/${token}`
}

function addressOf({ token }: NewLink, base: string | undefined, settings: Settings): string {
  if (base !== undefined && !/^https?:\/\/[^/]/.test(base)) {
    throw new Failure([
      '--url 应为 http(s):// 地址，如 https://login.example.com。',
      '--url must be an http(s):// address such as https://login.example.com.',
    ])
  }
  const { port, hostname = '127.0.0.1' } = settings.adminListen ?? { port: settings.port }
  return consoleLink(base ?? `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`, token)
}

const purposeTexts: Readonly<Record<NewLink['purpose'], string>> = {
  'first-owner': '打开它，成为第一位所有者 · open it to become the first owner',
  invite: '交给新管理员 · for the new administrator',
  reset: '交给这位管理员 · for this administrator',
  'sign-in': '打开即登录 · signs in',
}

function printLink({ purpose, expiresInS }: NewLink, address: string, asJson: boolean | undefined): void {
  if (asJson) {
    console.log(JSON.stringify({ url: address, purpose, expiresInS }))
    return
  }
  const minutes = expiresInS / 60
  console.log(`
${table([{ label: '链接 Link', value: address, note: purposeTexts[purpose] }])}

  只能用一次，${minutes} 分钟内有效。 · Works once, for ${minutes} minutes.
`)
}

type Listed = Awaited<ReturnType<OpenAdministrators['list']>>[number]

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

function summary({ id, username, role, totpSealed, createdAtMs, seenAtMs, disabledAtMs }: Listed) {
  return {
    id,
    username,
    role,
    hasTotp: totpSealed !== null,
    createdAt: instant(createdAtMs),
    seenAt: instant(seenAtMs),
    disabledAt: instant(disabledAtMs),
  }
}

function row({ username, role, totpSealed, disabledAtMs }: Listed): Row {
  const state = disabledAtMs === null ? '' : ' · 已停用 off'
  const factor = totpSealed === null ? ' · 没有动态验证码 no one-time codes' : ''
  return { label: username, value: role, note: `${factor}${state}`.slice(3) }
}
