import { defineCommand } from 'citty'
import { readEnvironment } from './environment.ts'
import { readAllowedHosts } from './own-names.ts'
import { readPort, requireFreePorts } from './ports.ts'
import { announceReady } from './ready.ts'
import { serveUntilStopped } from './run.ts'
import { readSettings } from './settings.ts'
import { startSimulator } from './start-simulator.ts'
import { table } from './table.ts'

export const simulate = defineCommand({
  meta: { name: 'simulate', description: '只启动微信模拟器 · Run the WeChat simulator alone' },
  args: {
    port: {
      type: 'string',
      description: '端口，0 由系统选择 · Port, 0 for a free one. Default is HAOMA_SIMULATOR_PORT or 4010',
    },
    host: { type: 'string', description: '监听地址 · Address to listen on', default: '127.0.0.1' },
    'allow-host': {
      type: 'string',
      description:
        '除本机外可用的主机名，逗号分隔 · Names it may be reached by beside loopback, comma-separated',
    },
    'control-token': {
      type: 'string',
      description:
        '允许其他来源的页面凭此令牌调用控制接口 · Lets pages of other origins use the control endpoints with it',
    },
    https: { type: 'boolean', description: '同时提供 HTTPS · Speak HTTPS too' },
    'https-port': {
      type: 'string',
      description: 'HTTPS 端口 · Port for HTTPS. Default is the next after --port',
    },
    state: {
      type: 'string',
      description: '状态文件：启动时读取，停止时保存 · State file to start from and to save',
    },
    miniprogram: {
      type: 'string',
      description: '编译后的 mp-weixin 目录 · Compiled mp-weixin folder for /phone',
    },
    'print-json': {
      type: 'boolean',
      description: '就绪后只输出一行 JSON，供程序读取 · When ready print one line of JSON and nothing else',
    },
    'ready-file': {
      type: 'string',
      description: '就绪后写入、停止后删除的文件 · File that is there from ready to stop, with the same JSON',
    },
    seed: { type: 'string', description: '随机种子，同种子同结果 · Same seed, same codes and faults' },
  },
  run: ({ args }) =>
    serveUntilStopped(async (defer) => {
      const env = readEnvironment(process.cwd())
      const port =
        args.port === undefined ? readSettings(env).simulatorPort : readPortOrFree(args.port, '--port')
      const nextPort = port === 0 ? '0' : String(port + 1)
      const httpsPort = args.https
        ? readPortOrFree(args['https-port'] ?? nextPort, '--https-port')
        : undefined
      const wanted = [{ port, zh: '微信模拟器', en: 'the simulator', setting: '--port ' }]
      if (httpsPort !== undefined) {
        wanted.push({
          port: httpsPort,
          zh: '模拟器 HTTPS',
          en: "the simulator's HTTPS",
          setting: '--https-port ',
        })
      }
      await requireFreePorts(
        wanted.filter((want) => want.port !== 0),
        args.host,
      )
      const { simulator, close } = await startSimulator({
        port,
        host: args.host,
        allowHosts: readAllowedHosts(args['allow-host']),
        controlToken: args['control-token'],
        httpsPort,
        stateFile: args.state,
        miniprogram: args.miniprogram,
        seed: args.seed,
      })
      defer(close)
      const { url, httpsUrl } = simulator
      const phoneUrl = args.miniprogram === undefined ? undefined : `${url}/phone`
      const isQuiet = args['print-json'] === true
      const withdraw = await announceReady(
        { url, port: simulator.port, httpsUrl, controlUrl: `${url}/`, phoneUrl },
        { printJson: isQuiet, readyFile: args['ready-file'] },
      )
      defer(withdraw)
      if (isQuiet) return
      console.log(`
${table([
  {
    label: '微信接口 WeChat API',
    value: simulator.url,
    note: '代替 · in place of https://api.weixin.qq.com',
  },
  ...(httpsUrl ? [{ label: '微信接口 HTTPS', value: httpsUrl }] : []),
  { label: '控制页 Control page', value: `${simulator.url}/` },
  ...(phoneUrl === undefined ? [] : [{ label: '手机页 Phone page', value: phoneUrl }]),
  { label: '页面脚本 Page script', value: `${simulator.url}/device.js` },
])}

  Ctrl-C 停止 · stops it
`)
    }),
})

/** 0 stands for whatever port is free. */
const readPortOrFree = (text: string, name: string) => (text === '0' ? 0 : readPort(text, name))
