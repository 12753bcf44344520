import { createHash } from 'node:crypto'
import type { Clock } from './clock.ts'

/** How long checkencryptedmsg knows a message. */
const KEPT_MS = 3 * 86_400_000
/** The newest messages that are remembered, so that memory stays flat. */
const KEPT = 20_000

/** What WeChat encrypted for whom, known by hash only: the memory behind checkencryptedmsg. */
export interface EncryptedMessages {
  add(appid: string, encryptedData: string): void
  /** When the message with this hex SHA-256 was made; `undefined` when it is not known or too old. */
  findCreatedAtMs(appid: string, hash: string): number | undefined
  list(): Array<[key: string, createdAtMs: number]>
  load(messages: ReadonlyArray<[key: string, createdAtMs: number]>): void
}

export function createEncryptedMessages(clock: Clock): EncryptedMessages {
  const createdAtMs = new Map<string, number>()
  return {
    add(appid, encryptedData) {
      const hash = createHash('sha256').update(encryptedData).digest('hex')
      createdAtMs.set(`${appid} ${hash}`, clock.nowMs())
      if (createdAtMs.size <= KEPT) return
      for (const oldest of createdAtMs.keys()) {
        createdAtMs.delete(oldest)
        return
      }
    },
    findCreatedAtMs(appid, hash) {
      const atMs = createdAtMs.get(`${appid} ${hash}`)
      return atMs !== undefined && clock.nowMs() - atMs <= KEPT_MS ? atMs : undefined
    },
    list: () => [...createdAtMs],
    load(messages) {
      for (const [key, atMs] of messages) createdAtMs.set(key, atMs)
    },
  }
}
