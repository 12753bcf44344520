import { type OpenKeys, openKeys, type SigningKeyView } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService, within } from './beside.ts'
import { Failure } from './failure.ts'
import { type Row, table } from './table.ts'

const json = { type: 'boolean', description: '输出 JSON · Print JSON' } as const

const list = defineCommand({
  meta: { name: 'list', description: '列出签名密钥，最新的在前 · List signing keys, newest first' },
  args: { json },
  run: ({ args }) =>
    withKeys(async (keys) => {
      const all = await keys.list()
      if (args.json) console.log(JSON.stringify(all.map(summary), null, 2))
      else console.log(table(all.map(row)))
    }),
})

const rotate = defineCommand({
  meta: {
    name: 'rotate',
    description:
      '公布新密钥，10 分钟后开始签名，会话不受影响 · Publish a new key, which signs ten minutes later; sessions go on',
  },
  args: { json },
  run: ({ args }) =>
    withKeys(async (keys) => {
      const next = await keys.rotate()
      if (args.json) console.log(JSON.stringify(summary(next)))
      else console.log(table([row(next)]))
    }),
})

const revoke = defineCommand({
  meta: {
    name: 'revoke',
    description:
      '立即吊销泄露的密钥：它签的令牌 5 秒内失效，刷新令牌仍可用 · End a leaked key: tokens it signed are void within 5 seconds, refresh tokens stay good',
  },
  args: { kid: { type: 'positional', description: 'kid', required: true }, json },
  run: ({ args }) =>
    withKeys(async (keys) => {
      const ended = await keys.revoke(args.kid)
      if (!ended) {
        throw new Failure([
          `没有签名密钥 ${args.kid}。haoma key list 列出全部。`,
          `There is no signing key ${args.kid}. haoma key list shows them all.`,
        ])
      }
      if (args.json) console.log(JSON.stringify({ kid: args.kid, revoked: true }))
      else console.log(`已吊销 · revoked: ${args.kid}`)
    }),
})

/** `haoma key …`: works on the database, so also while the service runs. */
export const key = defineCommand({
  meta: { name: 'key', description: '会话的签名密钥：列出、更换、吊销 · Keys that sign sessions' },
  subCommands: { list, rotate, revoke },
})

async function withKeys(work: (keys: OpenKeys) => Promise<void>): Promise<void> {
  const { database } = await besideService()
  await within(openKeys(database), work)
}

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

function summary({ kid, alg, state, createdAtMs, signsFromMs, retiredAtMs }: SigningKeyView) {
  return {
    kid,
    alg,
    state,
    createdAt: instant(createdAtMs),
    signsFrom: instant(signsFromMs),
    retiredAt: instant(retiredAtMs),
  }
}

const stateTexts: Record<SigningKeyView['state'], string> = {
  next: '待用 next',
  signing: '签名中 signing',
  retired: '只验签 retired',
  revoked: '已吊销 revoked',
}

function row({ kid, alg, state, signsFromMs }: SigningKeyView): Row {
  return { label: kid, value: stateTexts[state], note: `${alg} · ${instant(signsFromMs)}` }
}
