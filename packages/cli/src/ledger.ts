import { openLedger } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService, within } from './beside.ts'
import { explaining } from './failure.ts'
import { type Row, table } from './table.ts'

/** `haoma ledger`: works on the database, so also while the service runs. */
export const ledger = defineCommand({
  meta: {
    name: 'ledger',
    description:
      '每一次授权：多少次、结果如何、花了多少 · Every consent: how many, how they ended, what they cost',
  },
  args: {
    month: {
      type: 'string',
      description: '月份，如 2026-11（北京时间）；默认全部 · A month, by Beijing time; default is all time',
    },
    json: { type: 'boolean', description: '输出 JSON · Print JSON' },
  },
  run: async ({ args }) => {
    const { database } = await besideService()
    const totals = await within(openLedger(database), (books) => explaining(() => books.totals(args.month)))
    if (args.json) return console.log(JSON.stringify({ totals }, null, 2))
    if (totals.length === 0) return console.log('还没有授权 · No consents yet')
    const rows = totals.map(
      ({ appid, component, state, entries, li }): Row => ({
        label: `${appid} · ${componentTexts[component]}`,
        value: stateTexts[state],
        note: money(entries, li),
      }),
    )
    const sum = (field: 'entries' | 'li') => totals.reduce((total, row) => total + row[field], 0)
    rows.push({ label: '合计 Total', value: '', note: money(sum('entries'), sum('li')) })
    console.log(table(rows))
  },
})

type Total = Awaited<ReturnType<Awaited<ReturnType<typeof openLedger>>['totals']>>[number]

const componentTexts: Record<Total['component'], string> = {
  quick: '快速验证 quick',
  realtime: '实时验证 realtime',
}

const stateTexts: Record<Total['state'], string> = {
  open: '未结束 open',
  unknown: '待查明 unknown',
  used: '成功 used',
  refused: '被拒 refused',
  expired: '过期 expired',
  lost: '丢失 lost',
}

/** 1,000 li are one yuan. */
const money = (entries: number, li: number) => `${entries} 次 · ${(li / 1000).toFixed(3)} 元 CNY`
