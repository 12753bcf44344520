import { type Builtin, type BuiltinContext, setOrRemove } from './define.ts'
import { submitForm } from './form.ts'
import { greyAvatar } from './grey-avatar.ts'
import { addHover } from './hover.ts'
import type { Services } from './services.ts'

type PhoneComponent = 'quick' | 'realtime'

const phoneTypes: Record<string, { component: PhoneComponent; event: string }> = {
  getPhoneNumber: { component: 'quick', event: 'getphonenumber' },
  getRealtimePhoneNumber: { component: 'realtime', event: 'getrealtimephonenumber' },
}

interface ProfileType {
  event: string
  detail(services: Services): Promise<object>
}
const profileTypes: Record<string, ProfileType> = {
  getUserInfo: {
    event: 'getuserinfo',
    detail: async ({ device }) => ({ errMsg: 'getUserInfo:ok', ...(await device.userInfo('getUserInfo')) }),
  },
  // The user takes the picture that WeChat offers first.
  chooseAvatar: { event: 'chooseavatar', detail: async () => ({ avatarUrl: greyAvatar }) },
}

/** `open-type`s that WeChat knows and the phone page does not play. */
export const unsupportedOpenTypes = [
  'contact',
  'feedback',
  'launchApp',
  'liveActivity',
  'openSetting',
  'share',
] as const

/**
 * `<button>` with both phone components, `getUserInfo`, `chooseAvatar`, and `agreePrivacyAuthorization` alone or
 * combined with another.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/component/button.html
 */
export function createButton(services: Services): Builtin {
  return {
    props: {
      size: 'default',
      type: 'default',
      plain: false,
      disabled: false,
      loading: false,
      formType: '',
      openType: '',
      hoverClass: 'button-hover',
      hoverStopPropagation: false,
      hoverStartTime: 20,
      hoverStayTime: 70,
      phoneNumberNoQuotaToast: true,
    },
    setup(context) {
      const { element, props } = context
      element.setAttribute('role', 'button')
      element.addEventListener('click', () => {
        if (props.disabled) return
        if (props.formType) submitForm(element, String(props.formType))
        if (props.openType) void open(String(props.openType), context, services)
      })
      element.addEventListener('keydown', (event) => {
        if (event.target !== element || (event.key !== 'Enter' && event.key !== ' ')) return
        event.preventDefault()
        element.click()
      })
      addHover(context)
      return {
        update() {
          element.tabIndex = props.disabled ? -1 : 0
          setOrRemove(element, 'size', props.size)
          setOrRemove(element, 'type', props.type)
          setOrRemove(element, 'plain', props.plain)
          setOrRemove(element, 'disabled', props.disabled)
          setOrRemove(element, 'aria-disabled', props.disabled ? 'true' : '')
          setOrRemove(element, 'loading', props.loading)
          setOrRemove(element, 'open-type', props.openType)
        },
      }
    },
  }
}

async function open(openType: string, { props, emit }: BuiltinContext, services: Services): Promise<void> {
  const [main = '', ...others] = openType.split('|')
  const agrees = [main, ...others].includes('agreePrivacyAuthorization')
  const phone = phoneTypes[main]
  if (phone !== undefined) {
    const detail = await services.device.requestPhoneNumber({
      component: phone.component,
      agreePrivacy: agrees,
      noQuotaToast: props.phoneNumberNoQuotaToast !== false,
    })
    if (agrees) emit('agreeprivacyauthorization', {})
    emit(phone.event, detail)
    return
  }
  const profile = profileTypes[main]
  if (profile === undefined && !agrees) {
    services.unsupported(`<button open-type="${openType}">`)
    return
  }
  if (agrees) {
    await services.device.agreePrivacyAuthorization()
    emit('agreeprivacyauthorization', {})
  }
  if (profile !== undefined) emit(profile.event, await profile.detail(services))
}
