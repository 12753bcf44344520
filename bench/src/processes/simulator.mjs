import { createSimulator } from '@haoma/simulator'
import { APP_SECRET, APPID, PHONE_PATH } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const PLENTY = 10_000_000
const { url, control, device } = await createSimulator()
control.putApp({
  appid: APPID,
  appSecret: APP_SECRET,
  quotas: { [PHONE_PATH]: { daily: PLENTY, perMinute: PLENTY } },
})
control.addPack({ appid: APPID, component: 'quick', size: PLENTY })

serveCommands({
  url: () => url,
  cpu: () => process.cpuUsage(),
  /** Has users agree, and gives the codes their phones got. */
  consent: (count) =>
    Array.from({ length: count }, (_, number) => {
      const user = `user-${number % 1000}`
      const consent = { appid: APPID, user, component: 'quick', answer: 'allow', number: '13580006666' }
      return device.phone(consent).code
    }),
})
