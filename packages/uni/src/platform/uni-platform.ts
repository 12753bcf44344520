import { createPlatform } from './create-platform.ts'
import type { Platform } from './platform.ts'
import { createSimulatedPlatform } from './simulator.ts'
import { uniApi } from './uni-api.ts'

/** The platform the app runs on; while an app is developed in a browser, the simulator's when its script is there. */
export function createUniPlatform(): Platform {
  const platform = createPlatform(uniApi, { name: process.env.UNI_PLATFORM })
  // What bundlers compile out of every production build.
  if (process.env.NODE_ENV !== 'production' && platform.wechat === 'none')
    return createSimulatedPlatform() ?? platform
  return platform
}
