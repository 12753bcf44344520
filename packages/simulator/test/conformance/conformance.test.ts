import { describe, it } from 'vitest'
import { createSimulator } from '../../src/index.ts'
import type { Row } from './row.ts'
import { apiSecurity } from './section-10.ts'
import { balance, field, wordings } from './section-17.ts'
import { crossCutting, legacyToken, stableToken } from './sections-0-to-2.ts'
import { code2Session, phoneExchange } from './sections-3-to-4.ts'
import { encryptedData, sessions } from './sections-5-to-6.ts'
import { billing, clientSide, privacy } from './sections-7-to-9.ts'
import { diagnosis, errorGuide } from './sections-11-to-12.ts'
import { createSimulatedTarget } from './simulated.ts'
import { createTarget } from './target.ts'

const rows: Row[] = [
  ...crossCutting,
  ...stableToken,
  ...legacyToken,
  ...phoneExchange,
  ...code2Session,
  ...sessions,
  ...encryptedData,
  ...clientSide,
  ...billing,
  ...privacy,
  ...apiSecurity,
  ...diagnosis,
  ...errorGuide,
  ...field,
  ...wordings,
  ...balance,
]
const nameOf = ({ section, fact }: Row) => `${section}: ${fact}`

describe('the simulator', () => {
  it.concurrent.for(rows.map((row) => [nameOf(row), row] as const))('%s', async ([, row]) => {
    const simulator = await createSimulator()
    try {
      const target = createSimulatedTarget(simulator)
      await ('check' in row ? row.check(target) : row.simulated(target))
    } finally {
      await simulator.close()
    }
  })
})

/**
 * The same rows against WeChat itself, for those with an account: `HAOMA_LIVE_APPID`, `HAOMA_LIVE_SECRET`
 * and, behind a proxy, `HAOMA_LIVE_HOST`. Rows that need a phone or would disturb the account are left out.
 */
const { HAOMA_LIVE_APPID, HAOMA_LIVE_SECRET, HAOMA_LIVE_HOST = 'https://api.weixin.qq.com' } = process.env

if (HAOMA_LIVE_APPID && HAOMA_LIVE_SECRET) {
  const target = createTarget(HAOMA_LIVE_HOST, { appid: HAOMA_LIVE_APPID, appSecret: HAOMA_LIVE_SECRET })
  describe('the real platform', () => {
    for (const row of rows) {
      if ('check' in row) it(nameOf(row), () => row.check(target))
    }
  })
} else {
  it.skip('the real platform: set HAOMA_LIVE_APPID and HAOMA_LIVE_SECRET to run the same rows against it')
}
