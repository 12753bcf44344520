import { type OpenApps, openApps } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService, ownDatabase, within } from './beside.ts'
import { explaining, Failure } from './failure.ts'
import { readSecret } from './secret-input.ts'
import { type Row, table } from './table.ts'

const json = { type: 'boolean', description: '输出 JSON · Print JSON' } as const
const appid = { type: 'positional', description: 'appid', required: true } as const

const add = defineCommand({
  meta: {
    name: 'add',
    description:
      '添加应用并向微信检查；AppSecret 从标准输入读取 · Add an app and check it at WeChat; its AppSecret is read from standard input',
  },
  args: {
    appid,
    name: { type: 'string', description: '名称，默认为 appid · Name, for people; default is the appid' },
    kind: {
      type: 'enum',
      options: ['mp-weixin', 'h5', 'app'],
      description: '类别，默认 mp-weixin · Kind; default is mp-weixin',
    },
    json,
  },
  run: ({ args }) =>
    withApps(async (apps, isSimulated) => {
      const kind = args.kind ?? 'mp-weixin'
      const isMiniProgram = kind === 'mp-weixin'
      const secret = isMiniProgram ? { appSecret: await readSecret(secretPrompt(args.appid)) } : {}
      await apps.add({ appid: args.appid, kind, name: args.name ?? args.appid, ...secret })
      const check = isMiniProgram ? await apps.check(args.appid) : undefined
      if (args.json) return printJson({ appid: args.appid, added: true, check: check && checkJson(check) })
      console.log(`已添加 · added: ${args.appid}`)
      if (check) console.log(table(check.items.map(checkRow)))
      if (isSimulated && isMiniProgram) {
        console.log(
          '重新运行 haoma start 后使用真实微信 · haoma start uses the real WeChat from its next start on',
        )
      }
    }),
})

const list = defineCommand({
  meta: { name: 'list', description: '列出环境变量和数据库中的应用 · List apps of environment and database' },
  args: { json },
  run: ({ args }) =>
    withApps(async (apps) => {
      const all = apps.list()
      if (args.json) return printJson(all.map(summary))
      if (all.length === 0) return console.log('还没有应用 · No apps yet: haoma app add APPID')
      console.log(table(all.map(row)))
    }),
})

const check = defineCommand({
  meta: {
    name: 'check',
    description:
      '向微信检查密钥、IP 白名单、权限、时钟和余量，不收费 · Ask WeChat about secret, addresses, permission, clock and balance; free',
  },
  args: { appid, json },
  run: ({ args }) =>
    withApps(async (apps) => {
      const found = await apps.check(args.appid)
      if (!found) throw noSuchApp(args.appid)
      if (args.json) printJson(checkJson(found))
      else console.log(table(found.items.map(checkRow)))
      if (!found.isOk) process.exitCode = 1
    }),
})

const secret = defineCommand({
  meta: {
    name: 'secret',
    description:
      '更换 AppSecret，从标准输入读取，5 秒内处处生效 · Change the AppSecret, read from standard input; everywhere within 5 seconds',
  },
  args: { appid, json },
  run: ({ args }) =>
    withApps(async (apps) => {
      const appSecret = await readSecret(secretPrompt(args.appid))
      const changed = await apps.change(args.appid, { appSecret })
      if (!changed) throw noSuchApp(args.appid)
      const found = changed.isEnabled ? await apps.check(args.appid) : undefined
      if (args.json) return printJson({ appid: args.appid, changed: true, check: found && checkJson(found) })
      console.log(`已更换 · changed: ${args.appid}`)
      if (found) console.log(table(found.items.map(checkRow)))
    }),
})

/** `enable` and `disable` differ in a word. */
const toggle = (name: 'enable' | 'disable', description: string) =>
  defineCommand({
    meta: { name, description },
    args: { appid, json },
    run: ({ args }) =>
      withApps(async (apps) => {
        const isEnabled = name === 'enable'
        if (!(await apps.change(args.appid, { isEnabled }))) throw noSuchApp(args.appid)
        if (args.json) printJson({ appid: args.appid, enabled: isEnabled })
        else console.log(`${isEnabled ? '已启用 · on' : '已停用 · off'}: ${args.appid}`)
      }),
  })

/** `haoma app …`: works on the database of the settings, so also while the service runs. */
export const app = defineCommand({
  meta: {
    name: 'app',
    description: '应用（小程序、H5、App）：添加、检查、换密钥、停用 · Apps that people sign in to',
  },
  subCommands: {
    add,
    list,
    check,
    secret,
    disable: toggle('disable', '停用，已有会话不受影响 · Nobody comes in by it; open sessions go on'),
    enable: toggle('enable', '启用 · Let people in by it again'),
  },
})

/** Apps of the real WeChat, whichever WeChat the service has behind it now. */
async function withApps(work: (apps: OpenApps, isSimulated: boolean) => Promise<void>): Promise<void> {
  const { settings, wechat } = await besideService()
  const { apps, wechatHosts } = settings
  const opening = openApps({ ...ownDatabase(settings), apps, ...(wechatHosts && { wechatHosts }) })
  await within(opening, (door) => explaining(() => work(door, wechat === 'simulator')))
}

const secretPrompt = (id: string) => `${id} 的 AppSecret（不显示）· AppSecret of ${id} (not shown)`

const printJson = (value: unknown) => console.log(JSON.stringify(value, null, 2))

/** What a person is told of an app that is in neither environment nor database. */
export const noSuchApp = (id: string) =>
  new Failure([
    `没有应用 ${id}。haoma app list 列出全部。`,
    `There is no app ${id}. haoma app list shows them all.`,
  ])

type Listed = ReturnType<OpenApps['list']>[number]
type Check = NonNullable<Awaited<ReturnType<OpenApps['check']>>>

function summary({ appid, kind, name, source, secretFrom, isEnabled }: Listed) {
  return { appid, kind, name, source, secretFrom, enabled: isEnabled }
}

const sourceTexts: Record<Listed['source'], string> = {
  environment: '环境变量 environment',
  database: '数据库 database',
  both: '环境变量和数据库 both',
}

function row({ appid, kind, name, source, secretFrom, isEnabled }: Listed): Row {
  const secretless = kind === 'mp-weixin' && secretFrom === null ? ' · 没有 AppSecret no AppSecret' : ''
  return {
    label: appid,
    value: name,
    note: `${kind} · ${sourceTexts[source]}${secretless}${isEnabled ? '' : ' · 已停用 off'}`,
  }
}

function checkJson({ appid, atMs, isOk, items }: Check) {
  return { appid, at: new Date(atMs).toISOString(), isOk, items }
}

const stateTexts: Record<Check['items'][number]['state'], string> = {
  ok: '✓ ok',
  warning: '! warning',
  failed: '✗ failed',
  unknown: '? unknown',
}

function checkRow({ name, state, text }: Check['items'][number]): Row {
  return { label: name, value: stateTexts[state], note: `${text.zh} · ${text.en}` }
}
