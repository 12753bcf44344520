import { webhookEvents } from '@haoma/server'
import { defineCommand } from 'citty'
import { Failure } from './failure.ts'
import { withWebhooks } from './with-webhooks.ts'

/** `haoma trigger`: for development; real receivers must not act on what did not happen. */
export const trigger = defineCommand({
  meta: {
    name: 'trigger',
    description: '开发用：触发一个事件 · For development: make an event happen, to try receivers',
  },
  args: {
    event: { type: 'positional', description: Object.keys(webhookEvents).join(', '), required: true },
    member: {
      type: 'string',
      description: '成员 id；默认最新的成员 · Member; default is the newest one',
    },
    force: { type: 'boolean', description: '背后是真实微信时也触发 · Also where the real WeChat is behind' },
    json: { type: 'boolean', description: '输出 JSON · Print JSON' },
  },
  run: ({ args }) =>
    withWebhooks(async ({ webhooks, isSimulated }) => {
      if (!isSimulated && !args.force) {
        throw new Failure([
          '这里连接的是真实微信，接收方会当真。确实需要时加 --force。',
          'The real WeChat is behind this service, and receivers would believe it. Add --force if you mean it.',
        ])
      }
      const eventId = await webhooks.trigger(args.event, { memberId: args.member })
      console.log(args.json ? JSON.stringify({ eventId }) : `已触发 · triggered: ${args.event} ${eventId}`)
    }),
})
