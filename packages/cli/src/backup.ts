import { backUp } from '@haoma/server'
import { defineCommand } from 'citty'
import { readEnvironment } from './environment.ts'
import { serviceDatabaseUrl } from './service-database.ts'
import { readSettings } from './settings.ts'

/** What backup and restore are told of the service they work beside. */
export function databaseOptions() {
  const env = readEnvironment(process.cwd())
  const settings = readSettings(env)
  return {
    databaseUrl: serviceDatabaseUrl(settings, env),
    ...(settings.masterKey && { masterKey: settings.masterKey }),
  }
}

/** `haoma backup FILE`: while the service runs. */
export const backup = defineCommand({
  meta: {
    name: 'backup',
    description: '备份整个数据库到一个加密文件，服务不必停 · Back the whole database up while it serves',
  },
  args: { file: { type: 'positional', description: '文件 · File to write', required: true } },
  run: async ({ args }) => {
    const { rows, keyId } = await backUp(databaseOptions(), args.file)
    console.log(
      `已备份 ${rows} 行到 ${args.file}；恢复需要主密钥 ${keyId}，它不在文件里，请另行保存。\n` +
        `Backed up ${rows} rows to ${args.file}. Restoring needs master key ${keyId}, which is not in it: keep it elsewhere.`,
    )
  },
})
