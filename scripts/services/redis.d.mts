export type RedisServer = {
  missing?: undefined
  url: string
  stop(): Promise<void>
}

export function redis(): Promise<RedisServer | { missing: string }>

export function ownRedis(wantedPort?: number): Promise<(RedisServer & { port: number }) | { missing: string }>
