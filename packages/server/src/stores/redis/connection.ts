import { Redis } from 'ioredis'

/** A Redis that is asked within a request: it answers at once or counts as away. */
export interface RedisConnection {
  client: Redis
  close(): Promise<void>
}

export interface RedisConnectionParts {
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` with TLS. */
  url: string
  onUp: () => void
  onDown: (error: unknown) => void
}

const CONNECT_TIMEOUT_MS = 2000
/** A count that takes longer than this is not worth the wait: the process counts for itself. */
const COMMAND_TIMEOUT_MS = 300
const LONGEST_RETRY_MS = 5000

/** Connects in the background and goes on trying; nothing waits for it, and nothing is queued while it is away. */
export function connectRedis({ url, onUp, onDown }: RedisConnectionParts): RedisConnection {
  const client = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (tries) => Math.min(100 * 2 ** Math.min(tries, 6), LONGEST_RETRY_MS),
  })
  client.on('ready', onUp)
  client.on('error', onDown)
  return {
    client,
    close: async () => {
      client.disconnect()
    },
  }
}
