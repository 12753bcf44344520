import { createSimulator } from '@haoma/simulator'
import { APP_SECRET, APPID, PHONE_PATH } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const PLENTY = 1_000_000_000
const simulator = await createSimulator()
const { apps, billing, consent, clock } = simulator.model
apps.put({
  appid: APPID,
  appSecret: APP_SECRET,
  quotas: { [PHONE_PATH]: { daily: PLENTY, perMinute: PLENTY } },
})
billing.addPack(APPID, { component: 'quick', size: PLENTY, startsAtMs: clock.nowMs(), endsAtMs: null })

serveCommands({
  url: () => simulator.url,
  cpu: () => process.cpuUsage(),
  /** Has users agree, and gives the codes their phones got. */
  consent: (count) =>
    Array.from({ length: count }, (_, number) => {
      const tap = { appid: APPID, user: `user-${number % 1000}`, component: 'quick' }
      return consent.tapAndAnswer(tap, { answer: 'allow', number: '13580006666' }).code
    }),
})
