import { type InjectionKey, inject } from 'vue'
import type { PhoneLogin } from './types.ts'

export const phoneLoginKey: InjectionKey<PhoneLogin> = Symbol('haoma phone login')

/**
 * The login that the app has installed with `app.use(createPhoneLogin(…))`.
 *
 * @throws when there is none
 */
export function usePhoneLogin(): PhoneLogin {
  const login = inject(phoneLoginKey, undefined)
  if (!login) {
    throw new Error(
      '没有安装登录，请在 main.ts 中调用 app.use(createPhoneLogin({ baseUrl, appid }))。\n' +
        'No login is installed. Call app.use(createPhoneLogin({ baseUrl, appid })) in main.ts.',
    )
  }
  return login
}
