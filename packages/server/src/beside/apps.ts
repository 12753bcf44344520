import { undiciTransport } from '@haoma/wechat/undici'
import { type AppCalls, createAppCalls } from '../apps/app-calls.ts'
import { createCheckApp } from '../apps/check-app.ts'
import { assembleApps } from '../assembly/apps.ts'
import { openDatabase } from '../assembly/database.ts'
import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import type { HaomaOptions } from '../options.ts'
import { type BesideOptions, commandLine, openBeside } from './open.ts'

/** The apps of a service, and the connection they were opened on. */
export interface OpenApps extends AppCalls {
  close(): Promise<void>
}

/**
 * Opens the apps of a service for a program beside it, such as a command: on the same database, while the service runs.
 * Processes of the service notice within 5 seconds. What is checked is asked of WeChat, or of `wechatHosts`.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openApps(
  options: BesideOptions & Pick<HaomaOptions, 'apps' | 'wechatHosts'> = {},
): Promise<OpenApps> {
  const { db, keyRing } = await openBeside(options)
  const transport = undiciTransport()
  const close = async () => {
    await Promise.all([db.close(), transport.close?.()])
  }
  try {
    const clock = systemClock
    const { directory, registry } = await assembleApps({
      options,
      keyRing,
      db,
      logger: createLogger('silent'),
      clock,
      newId: createUuidV7,
    })
    const check = createCheckApp({ hosts: options.wechatHosts, transport, clock })
    return { ...createAppCalls({ directory, registry, check, actor: commandLine }), close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Mini programs whose AppSecret a database holds, also those that are off.
 *
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function storedMiniPrograms(
  options: Pick<HaomaOptions, 'databaseUrl' | 'databasePoolSize' | 'databaseTls'>,
): Promise<string[]> {
  const db = await openDatabase(options)
  try {
    const apps = await db.apps.list()
    return apps
      .filter(({ kind, secretSealed }) => kind === 'mp-weixin' && secretSealed !== null)
      .map(({ appid }) => appid)
  } finally {
    await db.close()
  }
}
