import type { EndpointSecret, TryResult } from '@haoma/server'
import { defineCommand } from 'citty'
import { commaList } from './comma-list.ts'
import { Failure } from './failure.ts'
import { table } from './table.ts'
import { deliveryRow, deliverySummary, endpointRow, endpointSummary, tryText } from './webhook-texts.ts'
import { withWebhooks } from './with-webhooks.ts'

const json = { type: 'boolean', description: '输出 JSON · Print JSON' } as const
const id = { type: 'positional', description: 'endpointId', required: true } as const

const create = defineCommand({
  meta: {
    name: 'create',
    description: '新建接收地址，密钥只显示这一次 · Make an endpoint; its secret is shown once',
  },
  args: {
    url: { type: 'positional', description: 'https://…', required: true },
    events: {
      type: 'string',
      description: '事件，逗号分隔，如 phone.*；默认全部 · Events, such as phone.*; default is all',
    },
    apps: { type: 'string', description: '限定的 appid，逗号分隔；默认全部 · Apps; default is all' },
    description: { type: 'string', description: '说明 · Description, for people' },
    'with-number': {
      type: 'boolean',
      description: '发送完整手机号，每次都记入审计 · Send full numbers; each is audited',
    },
    json,
  },
  run: ({ args }) =>
    withWebhooks(async ({ webhooks }) => {
      const made = await webhooks.create({
        url: args.url,
        description: args.description,
        events: commaList(args.events),
        appids: commaList(args.apps),
        withNumber: args['with-number'],
      })
      printSecret(made, args.json)
    }),
})

const list = defineCommand({
  meta: { name: 'list', description: '列出全部接收地址 · List all endpoints' },
  args: { json },
  run: ({ args }) =>
    withWebhooks(async ({ webhooks }) => {
      const all = await webhooks.list()
      if (args.json) console.log(JSON.stringify(all.map(endpointSummary), null, 2))
      else if (all.length === 0) console.log('还没有接收地址 · No endpoints yet: haoma webhook create URL')
      else console.log(table(all.map(endpointRow)))
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
    withWebhooks(async ({ webhooks }) => {
      const overlapS = wholeNumber('--overlap', args.overlap)
      const made = await webhooks.rotate(args.id, { overlapS })
      if (!made) throw noSuchEndpoint(args.id)
      printSecret(made, args.json)
    }),
})

/** `enable` and `disable` differ in a word. */
const toggle = (name: 'enable' | 'disable', description: string) =>
  defineCommand({
    meta: { name, description },
    args: { id, json },
    run: ({ args }) =>
      withWebhooks(async ({ webhooks }) => {
        if (!(await webhooks[name](args.id))) throw noSuchEndpoint(args.id)
        const enabled = name === 'enable'
        if (args.json) console.log(JSON.stringify({ endpointId: args.id, enabled }))
        else console.log(`${enabled ? '已启用 · on' : '已停用 · off'}: ${args.id}`)
      }),
  })

const test = defineCommand({
  meta: { name: 'test', description: '立即发送一条测试消息 · Send a test message now' },
  args: { id, json },
  run: ({ args }) =>
    withWebhooks(async ({ webhooks }) => {
      const result = await webhooks.test(args.id)
      if (!result) throw noSuchEndpoint(args.id)
      printTry(result, args.json)
    }),
})

const deliveries = defineCommand({
  meta: { name: 'deliveries', description: '最近的发送记录 · What was sent, and how it went' },
  args: {
    id: { type: 'positional', description: 'endpointId；默认全部 · default is all', required: false },
    state: {
      type: 'enum',
      options: ['pending', 'held', 'delivered', 'dead'],
      description: '只看一种状态 · Only those in this state',
    },
    limit: { type: 'string', description: '条数 · How many; default 50' },
    json,
  },
  run: ({ args }) =>
    withWebhooks(async ({ webhooks }) => {
      const limit = wholeNumber('--limit', args.limit)
      const found = await webhooks.deliveries({ endpointId: args.id, state: args.state, limit })
      if (args.json) console.log(JSON.stringify(found.map(deliverySummary), null, 2))
      else console.log(found.length === 0 ? '没有记录 · nothing yet' : table(found.map(deliveryRow)))
    }),
})

const replay = defineCommand({
  meta: {
    name: 'replay',
    description:
      '重发一条，或某个接收地址放弃的全部 · Send one again, or all that an endpoint’s dead letters hold',
  },
  args: {
    id: { type: 'positional', description: 'deliveryId', required: false },
    dead: {
      type: 'string',
      description: 'endpointId：重发它放弃的全部 · Everything given up for this endpoint',
    },
    json,
  },
  run: ({ args }) =>
    withWebhooks(async ({ webhooks }) => {
      if (args.dead !== undefined) {
        const replayed = await webhooks.replayDead(args.dead)
        console.log(args.json ? JSON.stringify({ replayed }) : `重新排队 · on their way again: ${replayed}`)
        return
      }
      const result = args.id === undefined ? undefined : await webhooks.replay(args.id)
      if (!result) throw noSuchDelivery(args.id)
      printTry(result, args.json)
    }),
})

/** `haoma webhook …`: works on the database, so also while the service runs. */
export const webhook = defineCommand({
  meta: {
    name: 'webhook',
    description: '把事件发给其他系统：接收地址、记录、重发 · Tell other systems what happens',
  },
  subCommands: {
    create,
    list,
    rotate,
    enable: toggle('enable', '启用并继续发送 · Switch on, and go on with what was held'),
    disable: toggle('disable', '停用，期间的事件先存着 · Switch off; what happens meanwhile is held'),
    test,
    deliveries,
    replay,
  },
})

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,8}$/.test(text)) return Number(text)
  throw new Failure([`${option} 应为整数。`, `${option} must be a whole number.`])
}

function printSecret({ endpointId, secret }: EndpointSecret, asJson: boolean | undefined): void {
  if (asJson) {
    console.log(JSON.stringify({ endpointId, secret }))
    return
  }
  console.log(`
${table([
  { label: 'endpointId', value: endpointId },
  { label: 'secret', value: secret, note: '只显示这一次 · shown only now' },
])}
`)
}

/** A receiver that did not take it makes the command fail, so that scripts notice. */
function printTry(result: TryResult, asJson: boolean | undefined): void {
  const { isDelivered, status, error, durationMs, response } = result
  if (asJson) console.log(JSON.stringify({ delivered: isDelivered, status, error, durationMs, response }))
  else console.log(`${isDelivered ? '已送达 · delivered' : '未送达 · not delivered'}: ${tryText(result)}`)
  if (!isDelivered) process.exitCode = 1
}

const noSuchEndpoint = (endpointId: string) =>
  new Failure([
    `没有接收地址 ${endpointId}。haoma webhook list 列出全部。`,
    `There is no endpoint ${endpointId}. haoma webhook list shows them all.`,
  ])

const noSuchDelivery = (deliveryId = '') =>
  new Failure([
    `没有发送记录 ${deliveryId}，或它正在发送。haoma webhook deliveries 列出最近的。`,
    `There is no delivery ${deliveryId}, or it is on its way right now. haoma webhook deliveries shows the newest.`,
  ])
