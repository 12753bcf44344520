import { createLogger, ensureMasterKey, serve } from '@haoma/server'
import { defineCommand } from 'citty'
import { serveDemo } from './demo-server.ts'
import { readEnvironment } from './environment.ts'
import { Failure } from './failure.ts'
import { requireFreePorts } from './ports.ts'
import { type Defer, serveUntilStopped, usualCloseMs } from './run.ts'
import { readSettings, type Settings } from './settings.ts'
import { startSimulator } from './start-simulator.ts'
import { type Row, table } from './table.ts'

/** Members of the simulated WeChat stay out of the database that real ones will be in. */
const simulatorDatabase = 'sqlite:.haoma/simulator.db'

export const start = defineCommand({
  meta: {
    name: 'start',
    description:
      '启动登录服务；没有配置 HAOMA_APPS 时连同微信模拟器 · Run the login service; without HAOMA_APPS, the simulator too',
  },
  args: {
    host: { type: 'string', description: '监听地址 · Address to listen on' },
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
      const env = readEnvironment(process.cwd())
      const config = readConfig(env)
      const rows = await startAll({ config, env, args, defer })
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
      console.log(`
  号码 Haoma 已启动 · is up (${seconds} s)

${table(rows)}

  Ctrl-C 停止 · stops everything
`)
    }),
})

interface StartParts {
  config: Settings
  env: NodeJS.Dict<string>
  args: Record<'host' | 'demo' | 'miniprogram' | 'log-level', string | undefined>
  defer: Defer
}

/** Starts the parts in the order in which they need each other and tells where each one is. */
async function startAll({ config, env, args, defer }: StartParts): Promise<Row[]> {
  const isSimulated = config.apps.length === 0
  // Whoever reaches the simulator can be anybody, so that set stays on this machine unless it is told otherwise.
  const host = args.host ?? (isSimulated ? '127.0.0.1' : undefined)
  const pageHost = host ?? '127.0.0.1'
  await requireFreePorts(wantedPorts({ config, isSimulated, hasDemo: args.demo !== undefined }), host)

  const rows: Row[] = []
  let { apps, wechatHosts } = config
  let simulatorUrl: string | undefined
  if (isSimulated) {
    const { simulator, close } = await startSimulator({
      port: config.simulatorPort,
      host,
      miniprogram: args.miniprogram,
    })
    defer(close)
    simulatorUrl = simulator.url
    apps = simulator.apps
      .filter(({ accountType }) => accountType === 'mini-program')
      .map(({ appid, appSecret, name }) => ({ appid, appSecret, name }))
    wechatHosts = [simulator.url]
    rows.push({ label: '微信模拟器 Simulator', value: simulator.url, note: '控制台 · control page' })
    if (args.miniprogram)
      rows.push({
        label: '手机页 Phone page',
        value: `${simulator.url}/phone`,
        note: '运行编译后的小程序 · runs the compiled mini program',
      })
  }

  const demoOrigins = [`http://127.0.0.1:${config.demoPort}`, `http://localhost:${config.demoPort}`]
  const service = await serve({
    port: config.port,
    ...(host !== undefined && { hostname: host }),
    apps,
    ...(wechatHosts && { wechatHosts }),
    databaseUrl: isSimulated && !env.HAOMA_DATABASE_URL?.trim() ? simulatorDatabase : config.databaseUrl,
    masterKey: config.masterKey ?? ensureMasterKey('.haoma/master.key'),
    corsOrigins: args.demo === undefined ? config.corsOrigins : [...config.corsOrigins, ...demoOrigins],
    logger: createLogger(args['log-level'] ?? (isSimulated ? 'warn' : 'info')),
  })
  defer(() => service.close(), service.stopWithinMs + usualCloseMs)
  rows.unshift({ label: '登录服务 Service', value: service.url, note: '接口文档 · API at /docs' })

  const [first] = apps
  if (args.demo !== undefined && first) {
    const demo = await serveDemo({
      folder: args.demo,
      port: config.demoPort,
      host: pageHost,
      settings: { baseUrl: service.url, appid: first.appid },
      simulatorUrl,
    })
    defer(() => demo.close())
    rows.unshift({
      label: '演示页 Demo',
      value: demo.url,
      note: '打开它，点「手机号快捷登录」 · open it and tap the green button',
    })
  }
  rows.push({
    label: '小程序 Apps',
    value: apps
      .map(({ appid }) => appid)
      .slice(0, 1)
      .join(),
    note: appsNote(apps.length),
  })
  return rows
}

const appsNote = (count: number) => (count > 1 ? `等 ${count} 个 · and ${count - 1} more` : '')

function wantedPorts({
  config,
  isSimulated,
  hasDemo,
}: {
  config: Settings
  isSimulated: boolean
  hasDemo: boolean
}) {
  return [
    { port: config.port, zh: '登录服务', en: 'the login service', setting: 'HAOMA_PORT=' },
    ...(isSimulated
      ? [
          {
            port: config.simulatorPort,
            zh: '微信模拟器',
            en: 'the simulator',
            setting: 'HAOMA_SIMULATOR_PORT=',
          },
        ]
      : []),
    ...(hasDemo
      ? [{ port: config.demoPort, zh: '演示页', en: 'the demo', setting: 'HAOMA_DEMO_PORT=' }]
      : []),
  ]
}

function readConfig(env: NodeJS.Dict<string>): Settings {
  const config = readSettings(env)
  if (config.apps.length === 0 && config.wechatHosts) {
    throw new Failure([
      'HAOMA_WECHAT_HOSTS 需要与 HAOMA_APPS 一起设置（appid:secret，多个用逗号分隔）；要使用模拟器请把它去掉。',
      'HAOMA_WECHAT_HOSTS needs HAOMA_APPS beside it (appid:secret, comma-separated); to use the simulator, leave it out.',
    ])
  }
  return config
}
