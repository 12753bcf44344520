import { backUp } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService } from './beside.ts'

/** `haoma backup FILE`: while the service runs. */
export const backup = defineCommand({
  meta: {
    name: 'backup',
    description: '备份整个数据库到一个加密文件，服务不必停 · Back the whole database up while it serves',
  },
  args: { file: { type: 'positional', description: '文件 · File to write', required: true } },
  run: async ({ args }) => {
    const { database } = await besideService()
    const { rows, keyId } = await backUp(database, args.file)
    console.log(
      `已备份 ${rows} 行到 ${args.file}；恢复需要主密钥 ${keyId}，它不在文件里，请另行保存。\n` +
        `Backed up ${rows} rows to ${args.file}. Restoring needs master key ${keyId}, which is not in it: keep it elsewhere.`,
    )
  },
})
