/**
 * The login of a native mini program, for `miniprogram_npm`: `createPhoneLogin` in `app.js`, the components in
 * `usingComponents`.
 *
 * @module
 */
import { createLogin } from './login.ts'
import { createPlatform, type MiniProgramApi } from './platform/create-platform.ts'
import type { Login, LoginOptions } from './types.ts'

export * from './core.ts'

declare const wx: MiniProgramApi

let installed: Login | undefined

/** Makes the login of this mini program and starts the silent login at once. */
export function createPhoneLogin(options: Omit<LoginOptions, 'platform'> & Partial<LoginOptions>): Login {
  const login = createLogin({ platform: createPlatform(wx), ...options } as LoginOptions)
  installed = login
  void login.start()
  return login
}

/**
 * The login that `app.js` has made.
 *
 * @throws when there is none
 */
export function usePhoneLogin(): Login {
  if (installed) return installed
  throw new Error(
    '没有创建登录，请在 app.js 中调用 createPhoneLogin({ baseUrl, appid })。\n' +
      'There is no login. Call createPhoneLogin({ baseUrl, appid }) in app.js.',
  )
}
