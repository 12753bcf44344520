import { randomBytes } from 'node:crypto'
import { defineCommand } from 'citty'
import { commaList } from './comma-list.ts'
import { Failure } from './failure.ts'
import { table } from './table.ts'
import { tryText } from './webhook-texts.ts'
import { withWebhooks } from './with-webhooks.ts'

/** `haoma listen`: for development; numbers are masked. */
export const listen = defineCommand({
  meta: {
    name: 'listen',
    description:
      '开发用：把之后的事件转发到本机地址，手机号打码 · For development: forward what happens to an address, numbers masked',
  },
  args: {
    'forward-to': { type: 'string', description: 'http://127.0.0.1:3000/haoma', required: true },
    events: { type: 'string', description: '事件，逗号分隔；默认全部 · Events; default is all' },
    secret: { type: 'string', description: '签名密钥；默认新建 · Secret to sign with; default is a new one' },
  },
  run: ({ args }) =>
    withWebhooks(async ({ webhooks }) => {
      const url = args['forward-to']
      if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
        throw new Failure([
          '--forward-to 应为 http(s):// 地址。',
          '--forward-to must be an http(s):// address.',
        ])
      }
      const secret = args.secret ?? `whsec_${randomBytes(32).toString('base64')}`
      const stop = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
      console.log(
        table([
          { label: '转发 · to', value: url },
          { label: '密钥 · secret', value: secret },
          { label: '停止 · stop', value: 'Ctrl-C' },
        ]),
      )
      await webhooks.forward({
        url,
        secret,
        events: commaList(args.events),
        signal: stop.signal,
        onForwarded: (event) =>
          console.log(`${event.type}  ${event.memberId ?? '-'}  ${event.id}  → ${tryText(event)}`),
      })
    }),
})
