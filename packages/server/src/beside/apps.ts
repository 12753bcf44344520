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

/** Which database, and which apps and hosts of WeChat beside it. */
export type AppsOptions = BesideOptions & Pick<HaomaOptions, 'apps' | 'wechatHosts'>

/** Apps of environment and database, and a way to WeChat. */
export async function openDirectory(options: AppsOptions) {
  const { db, keyRing } = await openBeside(options)
  const transport = undiciTransport()
  const close = async () => {
    await Promise.all([db.close(), transport.close?.()])
  }
  try {
    const { directory, registry } = await assembleApps({
      options,
      keyRing,
      db,
      logger: createLogger('silent'),
      clock: systemClock,
      newId: createUuidV7,
    })
    return { db, directory, registry, transport, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Opens the apps of a service for a program beside it, such as a command: on the same database, while the service runs.
 * Processes of the service notice within 5 seconds. What is checked is asked of WeChat, or of `wechatHosts`.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openApps(options: AppsOptions = {}): Promise<OpenApps> {
  const { directory, registry, transport, close } = await openDirectory(options)
  const check = createCheckApp({ hosts: options.wechatHosts, transport, clock: systemClock })
  return { ...createAppCalls({ directory, registry, check, actor: commandLine }), close }
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
