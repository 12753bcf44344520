import { computed, type Ref, shallowRef } from 'vue'
import { createLogin } from './login.ts'
import { createUniPlatform } from './platform/uni-platform.ts'
import type { LoginState, PhoneLogin, PhoneLoginOptions } from './types.ts'
import { phoneLoginKey } from './use-phone-login.ts'

/**
 * Makes the phone-number login of a uni-app. `app.use(login)` starts the silent login at once and shares the state
 * with every page, which takes it by `usePhoneLogin()`.
 *
 * @example
 * app.use(createPhoneLogin({ baseUrl: 'https://login.example.com', appid: 'wx…' }))
 */
export function createPhoneLogin(options: PhoneLoginOptions): PhoneLogin {
  const core = createLogin({ ...options, platform: options.platform ?? createUniPlatform() })
  const state = shallowRef(core.read())
  core.subscribe(() => {
    state.value = core.read()
  })
  const fields = {} as { [Name in keyof LoginState]: Ref<LoginState[Name]> }
  for (const name of Object.keys(state.value) as (keyof LoginState)[])
    Object.assign(fields, { [name]: computed(() => state.value[name]) })

  const login: PhoneLogin = {
    ...core,
    ...fields,
    state,
    language: computed({ get: () => state.value.language, set: core.setLanguage }),

    install(app) {
      app.provide(phoneLoginKey, login)
      void core.start()
    },
  }
  return login
}
