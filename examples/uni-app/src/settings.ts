import type { Platform } from '@haoma/uni'
// #ifdef H5
import { createSimulatedPlatform } from '@haoma/uni/simulator'

// #endif

const served = typeof window === 'undefined' ? undefined : window.__HAOMA__

/** Address of the login service: told by the server of the H5 page, else set when the app is built. */
export const baseUrl = served?.baseUrl ?? import.meta.env.VITE_HAOMA_URL ?? 'http://127.0.0.1:4000'

/** AppID of this mini program. Default is the simulator's first app. */
export const appid = served?.appid ?? import.meta.env.VITE_HAOMA_APPID ?? 'wx5f0a3c9e7b1d2468'

/** In the demonstration that `npm start` serves, the simulator plays WeChat. */
let platform: Platform | undefined
// #ifdef H5
if (served) platform = createSimulatedPlatform()

// #endif
export { platform }
