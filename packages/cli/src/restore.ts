import { restore as restoreDatabase } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService } from './beside.ts'

/** `haoma restore FILE`: in one transaction, all or nothing. */
export const restore = defineCommand({
  meta: {
    name: 'restore',
    description:
      '用备份替换数据库的全部内容；所有会话结束 · Put a backup in place of the database; all sessions end',
  },
  args: {
    file: { type: 'positional', description: '文件 · File to read', required: true },
    force: { type: 'boolean', description: '替换已有数据 · Replace what the database holds' },
  },
  run: async ({ args }) => {
    const { database } = await besideService()
    const { rows, erasedAgain } = await restoreDatabase(database, args.file, {
      force: args.force === true,
    })
    console.log(
      `已恢复 ${rows} 行，全部会话已结束，重新执行了 ${erasedAgain} 次备份之后的注销。正在运行的服务请重启。\n` +
        `Restored ${rows} rows; all sessions ended; ${erasedAgain} erasures made since were made again. Restart services that run.`,
    )
  },
})
