import { z } from 'zod'
import { SimulatorError } from '../errors.ts'
import type { AccessToken } from './access-tokens.ts'
import type { App } from './apps.ts'
import type { BillingAccount } from './billing.ts'
import type { LoginCode, PhoneCode } from './codes.ts'
import type { FaultInput } from './faults.ts'
import type { Model } from './model.ts'
import type { NextEvent } from './next-events.ts'
import { seedApps, seedUsers } from './seed.ts'
import type { Session } from './sessions.ts'
import type { UserInput } from './users.ts'

const VERSION = 1

/** A state file: everything but the log, open sheets and call counters. */
export interface Snapshot {
  version: typeof VERSION
  clockOffsetMs: number
  /** Where the clock stood, when it stood still. */
  frozenAtMs?: number | undefined
  /** Where the stream of codes and tokens stood, so that none comes again. Absent in files written by hand. */
  random?: number[] | undefined
  /** Where the other streams stood, so that the run goes on as it would have. */
  streams?: { nonces: number[]; faults: number[]; rids: number[] } | undefined
  switches: Record<string, string>
  apps: App[]
  users: UserInput[]
  privacy: Array<{ appid: string; user: string }>
  billing: Array<[string, BillingAccount]>
  accessTokens: AccessToken[]
  sessions: Session[]
  loginCodes: LoginCode[]
  phoneCodes: PhoneCode[]
  nextEvents: NextEvent[]
  encryptedMessages: Array<[key: string, createdAtMs: number]>
  faults: FaultInput[]
}

export function takeSnapshot(model: Model): Snapshot {
  return structuredClone({
    version: VERSION,
    clockOffsetMs: model.clock.offsetMs,
    frozenAtMs: model.clock.isFrozen ? model.clock.nowMs() : undefined,
    random: model.random.state(),
    streams: {
      nonces: model.nonceRandom.state(),
      faults: model.faultRandom.state(),
      rids: model.rids.state(),
    },
    switches: model.switches.values(),
    apps: model.apps.list(),
    users: model.users.list(),
    privacy: model.privacy.list(),
    billing: model.billing.list(),
    accessTokens: model.accessTokens.list(),
    sessions: model.sessions.list(),
    loginCodes: model.loginCodes.list(),
    phoneCodes: model.phoneCodes.list(),
    nextEvents: [...model.nextEvents.list()],
    encryptedMessages: model.encryptedMessages.list(),
    faults: model.faults
      .list()
      .map(({ id: _, hits, count, ...fault }) =>
        count === undefined ? fault : { ...fault, count: count - hits },
      ),
  })
}

/** Lists are checked to be lists of objects with their keys; a state file is written by hand only in part. */
const keyed = (...keys: string[]) =>
  z.array(z.looseObject(Object.fromEntries(keys.map((key) => [key, z.string().min(1)]))))

const stream = (length: number) => z.array(z.int()).length(length)

const snapshotSchema = z.strictObject({
  version: z.literal(VERSION),
  clockOffsetMs: z.number().default(0),
  frozenAtMs: z.number().optional(),
  random: stream(4).optional(),
  streams: z.strictObject({ nonces: stream(4), faults: stream(4), rids: stream(3) }).optional(),
  switches: z.record(z.string(), z.string()).default({}),
  apps: keyed('appid').default([]),
  users: keyed('name').default([]),
  privacy: keyed('appid', 'user').default([]),
  billing: z.array(z.tuple([z.string(), z.looseObject({})])).default([]),
  accessTokens: keyed('accessToken', 'appid').default([]),
  sessions: keyed('openid', 'sessionKey').default([]),
  loginCodes: keyed('code', 'appid').default([]),
  phoneCodes: keyed('code', 'appid').default([]),
  nextEvents: z.array(z.looseObject({})).default([]),
  encryptedMessages: z.array(z.tuple([z.string(), z.number()])).default([]),
  faults: keyed('kind').default([]),
})

/**
 * Fills a new model from a state file.
 *
 * @throws SimulatorError `BAD_STATE` naming what is wrong with it
 */
export function restoreSnapshot(model: Model, input: unknown): void {
  const parsed = snapshotSchema.safeParse(input)
  if (!parsed.success) {
    const where = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`)
      .join('; ')
    throw new SimulatorError(400, 'BAD_STATE', {
      zh: `状态文件不正确：${where}。可用 GET /_control/snapshot 得到一份正确的。`,
      en: `The state file is not valid: ${where}. GET /_control/snapshot gives a valid one.`,
    })
  }
  const state = parsed.data as unknown as Snapshot
  if (state.clockOffsetMs !== 0) model.clock.advance(state.clockOffsetMs)
  if (state.frozenAtMs !== undefined) {
    model.clock.freeze(true)
    model.clock.set(state.frozenAtMs)
  }
  model.switches.set(state.switches)
  for (const app of state.apps) model.apps.put(app)
  for (const user of state.users) model.users.put(user)
  for (const { appid, user } of state.privacy) model.privacy.set(appid, user, true)
  model.billing.load(state.billing)
  model.accessTokens.load(state.accessTokens)
  model.sessions.load(state.sessions)
  model.loginCodes.load(state.loginCodes)
  model.phoneCodes.load(state.phoneCodes)
  for (const event of state.nextEvents) model.nextEvents.add(event)
  model.encryptedMessages.load(state.encryptedMessages)
  for (const fault of state.faults) model.faults.add(fault)
  // Last, so that nothing above can have drawn from them.
  if (state.random) model.random.resume(state.random)
  if (!state.streams) return
  model.nonceRandom.resume(state.streams.nonces)
  model.faultRandom.resume(state.streams.faults)
  model.rids.resume(state.streams.rids)
}

/** Fills a new model with the default apps and users. */
export function seedModel(model: Model): void {
  for (const app of seedApps) model.apps.put(app)
  for (const user of seedUsers) model.users.put(user)
}
