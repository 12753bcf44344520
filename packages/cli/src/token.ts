import { openAppTokens } from '@haoma/server'
import { defineCommand } from 'citty'
import { noSuchApp } from './app.ts'
import { besideService, ownDatabase, within } from './beside.ts'
import { explaining } from './failure.ts'
import { table } from './table.ts'

/** `haoma token APPID`: asks WeChat for the token that all share; asking replaces none. */
export const token = defineCommand({
  meta: {
    name: 'token',
    description:
      '应用的 access_token：何时获取、还有多久；查询不会更换它 · Access token of an app: its age and its end; asking replaces none',
  },
  args: {
    appid: { type: 'positional', description: 'appid', required: true },
    show: {
      type: 'boolean',
      description: '显示完整的 token，会记入审计 · Print the whole token; the audit says so',
    },
    json: { type: 'boolean', description: '输出 JSON · Print JSON' },
  },
  run: async ({ args }) => {
    const { settings } = await besideService()
    const { apps, wechatHosts } = settings
    const isShown = args.show === true
    const now = await within(
      openAppTokens({ ...ownDatabase(settings), apps, ...(wechatHosts && { wechatHosts }) }),
      (tokens) => explaining(() => tokens.read(args.appid, isShown)),
    )
    if (!now) throw noSuchApp(args.appid)
    const accessToken = isShown ? now.accessToken.reveal() : masked(now.accessToken.reveal())
    const { expiresInS } = now
    const fetchedAt = now.fetchedAtMs === null ? null : new Date(now.fetchedAtMs).toISOString()
    if (args.json) {
      return console.log(JSON.stringify({ appid: args.appid, accessToken, expiresInS, fetchedAt }))
    }
    const rows = [
      { label: 'access_token', value: accessToken, note: isShown ? '已记入审计 · audited' : '' },
      { label: '剩余 Expires in', value: `${Math.floor(expiresInS)} s` },
      { label: '服务上次获取 Fetched', value: fetchedAt ?? '—' },
    ]
    console.log(table(rows))
  },
})

/** Enough to tell two tokens apart. */
const masked = (accessToken: string) => `…${accessToken.slice(-4)}`
