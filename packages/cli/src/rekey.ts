import { rekey } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService } from './beside.ts'
import { Failure } from './failure.ts'

/** `haoma rekey`: works on the database, also while the service runs, and goes on where it was stopped. */
export const rekeyNumbers = defineCommand({
  meta: {
    name: 'rekey',
    description:
      '用当前主密钥重新加密所有号码，可中断、可重复 · Seal every number anew under the current master key; may be stopped and run again',
  },
  run: async () => {
    const { database } = await besideService()
    if (!database.oldMasterKeys) {
      throw new Failure([
        '请先在所有进程里设置 HAOMA_MASTER_KEY（新密钥）和 HAOMA_OLD_MASTER_KEYS（旧密钥，逗号分隔），重启后再运行。',
        'First give every process HAOMA_MASTER_KEY (the new key) and HAOMA_OLD_MASTER_KEYS (the old ones, comma-separated), restart them, and run this again.',
      ])
    }
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort())
    const { done, left, stuck, former } = await rekey(database, {
      signal: stop.signal,
      onProgress: (progress) =>
        console.log(
          `已完成 ${progress.done}，剩余 ${progress.left} · ${progress.done} done, ${progress.left} left`,
        ),
    })
    if (stuck > 0) {
      throw new Failure([
        `${stuck} 个密封的号码或密钥用现有的主密钥都打不开，保持原样；请把它们当时的主密钥加入 HAOMA_OLD_MASTER_KEYS。`,
        `${stuck} sealed numbers or secrets open with none of the master keys and stay as they are. Add the key of their time to HAOMA_OLD_MASTER_KEYS.`,
      ])
    }
    const named = [...former.clients, ...former.apiKeys].join(', ')
    if (left === 0 && named !== '') {
      console.log(
        [
          `全部完成（${done}）。移除旧密钥之前，请先更换下列凭据，它们只有旧密钥认得：${named}`,
          `all done (${done}). Before the old keys leave the configuration, rotate these credentials, which only they know: ${named}`,
          '后端客户端用 haoma client rotate；API 密钥在控制台「管理员」页新建后撤销旧的 · back ends: haoma client rotate; API keys: make new ones on the page Administrators of the console and revoke these',
        ].join('\n'),
      )
      return
    }
    console.log(
      left === 0
        ? `全部完成（${done}），旧密钥可以从配置中移除 · all done (${done}); the old keys may leave the configuration`
        : '已停止，再次运行会继续 · stopped; run it again to go on',
    )
  },
})
