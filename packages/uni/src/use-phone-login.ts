import { computed, type InjectionKey, inject } from 'vue'
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

/** Who is signed in, and whether the number is known. */
export function useMember() {
  const { member, isNew } = usePhoneLogin()
  return { member, isNew, isBound: computed(() => member.value?.phone.bound === true) }
}

/** The session: the token for your own back end, requests that carry it, and where else it is open. */
export function useSession() {
  const { status, accessToken, request, signIn, signOut, devices, endDevice } = usePhoneLogin()
  return { status, accessToken, request, signIn, signOut, devices, endDevice }
}
