import { loadConfig } from '@haoma/server'
import { defineCommand } from 'citty'
import { readEnvironment } from './environment.ts'
import { readPort, requireFreePorts } from './ports.ts'
import { serveUntilStopped } from './run.ts'
import { startSimulator } from './start-simulator.ts'
import { table } from './table.ts'

export const simulate = defineCommand({
  meta: { name: 'simulate', description: '只启动微信模拟器 · Run the WeChat simulator alone' },
  args: {
    port: { type: 'string', description: '端口 · Port. Default is HAOMA_SIMULATOR_PORT or 4010' },
    host: { type: 'string', description: '监听地址 · Address to listen on', default: '127.0.0.1' },
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
    seed: { type: 'string', description: '随机种子，同种子同结果 · Same seed, same codes and faults' },
  },
  run: ({ args }) =>
    serveUntilStopped(async (defer) => {
      const env = readEnvironment(process.cwd())
      const port = args.port === undefined ? loadConfig(env).simulatorPort : readPort(args.port, '--port')
      const httpsPort = args.https
        ? readPort(args['https-port'] ?? String(port + 1), '--https-port')
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
      await requireFreePorts(wanted, args.host)
      const { simulator, close } = await startSimulator({
        port,
        host: args.host,
        httpsPort,
        stateFile: args.state,
        miniprogram: args.miniprogram,
        seed: args.seed,
      })
      defer(close)
      const { httpsUrl } = simulator
      console.log(`
${table([
  {
    label: '微信接口 WeChat API',
    value: simulator.url,
    note: '代替 · in place of https://api.weixin.qq.com',
  },
  ...(httpsUrl ? [{ label: '微信接口 HTTPS', value: httpsUrl }] : []),
  { label: '控制台 Control page', value: `${simulator.url}/` },
  ...(args.miniprogram ? [{ label: '手机页 Phone page', value: `${simulator.url}/phone` }] : []),
  { label: '页面脚本 Page script', value: `${simulator.url}/device.js` },
])}

  Ctrl-C 停止 · stops it
`)
    }),
})
