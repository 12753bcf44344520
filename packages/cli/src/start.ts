import { networkInterfaces } from 'node:os'
import { createLogger, logLevels, type RunningHaoma, serve } from '@haoma/server'
import { defineCommand } from 'citty'
import { consoleLink } from './admin.ts'
import { appTroubles } from './app-checks.ts'
import { banner, createPaint } from './banner.ts'
import { besideService, type DatabaseAccess, isNewDatabase } from './beside.ts'
import { serveDemo } from './demo-server.ts'
import { Failure } from './failure.ts'
import { readAllowedHosts } from './own-names.ts'
import { readPort, requireFreePorts } from './ports.ts'
import { type Defer, serveUntilStopped, usualCloseMs } from './run.ts'
import type { Settings } from './settings.ts'
import { smsOptions } from './sms-options.ts'
import { type Listening, planListening, type WeChatBehind } from './start-plan.ts'
import { startSimulator } from './start-simulator.ts'
import type { Row } from './table.ts'
import { webhookPolicy } from './webhook-policy.ts'

const masterKeyFile = '.haoma/master.key'

export const start = defineCommand({
  meta: {
    name: 'start',
    description:
      '启动登录服务；环境变量和数据库中都没有小程序时连同微信模拟器 · Run the login service; without a mini program in environment and database, the simulator too',
  },
  args: {
    port: {
      type: 'string',
      description: '登录服务的端口 · Port of the service. Default is HAOMA_PORT or 4000',
    },
    host: { type: 'string', description: '监听地址 · Address to listen on' },
    'allow-host': {
      type: 'string',
      description:
        '模拟器和演示页除本机外可用的主机名，逗号分隔 · Names that simulator and demo may be reached by beside loopback',
    },
    demo: { type: 'string', description: '演示页（H5 构建目录）· Folder of a built H5 page to serve' },
    miniprogram: {
      type: 'string',
      description: '编译后的 mp-weixin 目录 · Compiled mp-weixin folder for /phone',
    },
    'log-level': { type: 'string', description: '日志级别 · pino level: info, warn, silent …' },
  },
  run: ({ args }) =>
    serveUntilStopped(async (defer) => {
      const startedAtMs = performance.now()
      const { settings, wechat, database, storedApps } = await besideService()
      if (args.port !== undefined) settings.port = readPort(args.port, '--port')
      const isDatabaseNew = isNewDatabase(database.databaseUrl)
      const { rows, serviceUrl } = await startAll({ settings, args, defer, wechat, database, storedApps })
      const troubles = wechat === 'wechat' ? await appTroubles(serviceUrl) : []
      const text = banner(
        {
          seconds: ((performance.now() - startedAtMs) / 1000).toFixed(1),
          rows,
          wechat,
          database: database.databaseUrl.replace(/\/\/[^@/]*@/, '//'),
          isDatabaseNew,
          troubles,
        },
        createPaint(process.stdout.isTTY === true && process.stdout.hasColors()),
      )
      console.log(text)
    }),
})

interface StartParts {
  settings: Settings
  args: Record<'host' | 'allow-host' | 'demo' | 'miniprogram' | 'log-level', string | undefined>
  defer: Defer
  wechat: WeChatBehind
  database: DatabaseAccess
  /** Mini programs of the database. */
  storedApps: readonly string[]
}

/** Starts the parts in the order in which they need each other and tells where each one is. */
async function startAll(parts: StartParts): Promise<{ rows: Row[]; serviceUrl: string }> {
  const { settings, args, defer, wechat, database, storedApps } = parts
  const logLevel = readLogLevel(args['log-level'] ?? (wechat === 'simulator' ? 'warn' : 'info'))
  const listening = planListening(args.host, wechat !== 'simulator', ownAddresses())
  const allowHosts = [...listening.allowHosts, ...readAllowedHosts(args['allow-host'])]
  const hasDemo = args.demo !== undefined && wechat === 'simulator'
  await requireFreePorts(
    wantedPorts(settings, { isSimulated: wechat === 'simulator', hasDemo }),
    listening.host,
  )

  const rows: Row[] = []
  let { apps, wechatHosts, ledger } = settings
  let simulatorUrl: string | undefined
  if (wechat === 'simulator') {
    const { simulator, close } = await startSimulator({
      port: settings.simulatorPort,
      host: listening.host,
      allowHosts,
      miniprogram: args.miniprogram,
    })
    defer(close)
    simulatorUrl = `http://${listening.pageHost}:${settings.simulatorPort}`
    const simulated = simulator.apps
      .filter(({ accountType }) => accountType === 'mini-program')
      .map(({ appid, appSecret, name }) => ({ appid, appSecret, name }))
    apps = [...simulated, ...apps]
    wechatHosts = [simulatorUrl]
    const realtimeSpuId = simulator.control.snapshot().switches['realtime-spu-id']
    if (realtimeSpuId !== undefined) ledger ??= { realtimeSpuId }
    rows.push({ label: '微信模拟器 Simulator', value: simulatorUrl, note: '控制页 · control page' })
    if (args.miniprogram) {
      rows.push({
        label: '手机页 Phone page',
        value: `${simulatorUrl}/phone`,
        note: '运行编译后的小程序 · runs the compiled mini program',
      })
    }
  }

  const service = await serve({
    port: settings.port,
    ...(listening.host !== undefined && { hostname: listening.host }),
    apps,
    ...(wechatHosts && { wechatHosts }),
    ...database,
    masterKeyFile,
    corsOrigins: hasDemo
      ? [...settings.corsOrigins, ...demoOrigins(settings, allowHosts)]
      : settings.corsOrigins,
    ...allowedHosts(settings, wechat, allowHosts),
    ...(settings.trustedProxies && { trustedProxies: settings.trustedProxies }),
    ...(settings.metricsToken && { metricsToken: settings.metricsToken }),
    ...(settings.redisUrl && { redisUrl: settings.redisUrl }),
    ...(ledger && { ledger }),
    ...(settings.admin && { admin: settings.admin }),
    ...(settings.adminListen && { adminListen: settings.adminListen }),
    ...smsOptions(settings, wechat === 'simulator'),
    webhooks: webhookPolicy(settings, wechat === 'simulator'),
    logger: createLogger(logLevel),
  })
  defer(() => service.close(), service.stopWithinMs + usualCloseMs)
  rows.unshift({ label: '登录服务 Service', value: service.url, note: '接口文档 · API at /docs' })

  if (hasDemo && args.demo !== undefined) {
    rows.unshift(
      await startDemo({ folder: args.demo, settings, listening, allowHosts, defer, apps, service }),
    )
  }
  rows.push(await consoleRow(service, wechat))
  const appids = new Set([...apps.map(({ appid }) => appid), ...(wechat === 'wechat' ? storedApps : [])])
  const [first] = appids
  if (first) rows.push({ label: '小程序 Apps', value: first, note: appsNote(appids.size) })
  return { rows, serviceUrl: service.url }
}

const commandLine = { actorKind: 'cli', actorId: 'haoma', ip: null, requestId: null } as const

/**
 * Where the console is. Beside the simulator, where nothing is anybody's, the address signs in whoever has this terminal,
 * once; it is written nowhere else.
 */
async function consoleRow({ adminUrl, administrators }: RunningHaoma, wechat: WeChatBehind): Promise<Row> {
  const label = '控制台 Console'
  const link = wechat === 'simulator' ? await administrators.demoLink(commandLine) : undefined
  if (link) {
    const note = '打开即登录，一次有效 · signs in, once'
    return { label, value: consoleLink(adminUrl, link.token), note }
  }
  const note = (await administrators.hasOwner())
    ? ''
    : '还没有管理员 · no administrator yet: haoma admin create'
  return { label, value: `${adminUrl}/console`, note }
}

async function startDemo(parts: {
  folder: string
  settings: Settings
  listening: Listening
  allowHosts: readonly string[]
  defer: Defer
  apps: Settings['apps']
  service: { port: number }
}): Promise<Row> {
  const { settings, listening } = parts
  const demo = await serveDemo({
    folder: parts.folder,
    port: settings.demoPort,
    host: listening.host ?? '0.0.0.0',
    allowHosts: parts.allowHosts,
    appid: parts.apps[0]?.appid ?? '',
    servicePort: parts.service.port,
    simulatorPort: settings.simulatorPort,
  })
  parts.defer(() => demo.close())
  return {
    label: '演示页 Demo',
    value: `http://${listening.pageHost}:${settings.demoPort}`,
    note: '打开它，点「手机号快捷登录」 · open it and tap the green button',
  }
}

/**
 * While the simulator stands behind it, the service answers to its own names only, as the simulator does: a site that
 * makes its own name resolve to this machine could sign in as anybody.
 */
function allowedHosts(settings: Settings, wechat: WeChatBehind, allowHosts: readonly string[]) {
  if (settings.allowedHosts) return { allowedHosts: settings.allowedHosts }
  if (wechat !== 'simulator') return {}
  return { allowedHosts: ['localhost', '127.0.0.1', '[::1]', ...allowHosts] }
}

function demoOrigins({ demoPort }: Settings, allowHosts: readonly string[]): string[] {
  return [...new Set(['127.0.0.1', 'localhost', '[::1]', ...allowHosts])].map(
    (name) => `http://${name}:${demoPort}`,
  )
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => address),
  )
}

const appsNote = (count: number) => (count > 1 ? `等 ${count} 个 · and ${count - 1} more` : '')

function readLogLevel(level: string): string {
  if (logLevels.includes(level)) return level
  throw new Failure([
    `--log-level 应为 ${logLevels.join('、')} 之一。`,
    `--log-level must be one of ${logLevels.join(', ')}.`,
  ])
}

function wantedPorts(
  settings: Settings,
  { isSimulated, hasDemo }: { isSimulated: boolean; hasDemo: boolean },
) {
  const service = { port: settings.port, zh: '登录服务', en: 'the login service', setting: 'HAOMA_PORT=' }
  const simulator = {
    port: settings.simulatorPort,
    zh: '微信模拟器',
    en: 'the simulator',
    setting: 'HAOMA_SIMULATOR_PORT=',
  }
  const demo = { port: settings.demoPort, zh: '演示页', en: 'the demo', setting: 'HAOMA_DEMO_PORT=' }
  return [service, ...(isSimulated ? [simulator] : []), ...(hasDemo ? [demo] : [])]
}
