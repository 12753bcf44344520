import { createPlatform } from './create-platform.ts'
import { listenToKeyboard } from './h5.ts'
import type { Platform } from './platform.ts'
import { createSimulatedPlatform } from './simulator.ts'
import { uniApi } from './uni-api.ts'

/** The platform the app runs on; while an app is developed in a browser, the simulator's when its script is there. */
export function createUniPlatform(): Platform {
  // Only a browser has a keyboard that uni-app's elements do not hear.
  if (process.env.UNI_PLATFORM === 'h5') listenToKeyboard()
  const platform = createPlatform(uniApi, { name: process.env.UNI_PLATFORM })
  // What bundlers compile out of every production build.
  if (process.env.NODE_ENV !== 'production' && platform.wechat === 'none')
    return createSimulatedPlatform() ?? platform
  return platform
}
