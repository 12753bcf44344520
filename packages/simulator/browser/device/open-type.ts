import type { Device, PhoneComponent } from '../sheet/index.ts'

/** WeChat's two phone buttons: which component a tap uses, and the event the button then receives. */
const PHONE_BUTTONS: Record<string, { component: PhoneComponent; event: string }> = {
  getPhoneNumber: { component: 'quick', event: 'getphonenumber' },
  getRealtimePhoneNumber: { component: 'realtime', event: 'getrealtimephonenumber' },
}

const AGREE = 'agreePrivacyAuthorization'

/**
 * Lets plain HTML buttons with WeChat's `open-type` work, the combined `…|agreePrivacyAuthorization` forms
 * included: a tap opens the sheet, its outcome arrives as a bubbling DOM event named as in WeChat.
 */
export const bindOpenTypes = (device: () => Promise<Device>) => {
  const serve = async (button: Element) => {
    const types = readOpenTypes(button)
    const phone = types.map((type) => PHONE_BUTTONS[type]).find((known) => known !== undefined)
    const agrees = types.includes(AGREE)
    const { agreePrivacyAuthorization, requestPhoneNumber } = await device()

    if (agrees && !phone) {
      dispatch(button, AGREE.toLowerCase(), { ...(await agreePrivacyAuthorization()), buttonId: button.id })
    }
    if (!phone) return
    const detail = await requestPhoneNumber({
      component: phone.component,
      agreePrivacy: agrees,
      noQuotaToast: button.getAttribute('phone-number-no-quota-toast') !== 'false',
    })
    if (agrees) dispatch(button, AGREE.toLowerCase(), { errMsg: `${AGREE}:ok`, buttonId: button.id })
    dispatch(button, phone.event, detail)
  }

  document.addEventListener('click', (event) => {
    // WeChat answers a person's tap only; a script asks through `haomaDevice.requestPhoneNumber`.
    if (!event.isTrusted) return
    const button = event.composedPath().find(isOpenTypeButton)
    if (button) void serve(button)
  })
}

const isOpenTypeButton = (target: EventTarget): target is Element =>
  target instanceof Element &&
  target.hasAttribute('open-type') &&
  !target.hasAttribute('disabled') &&
  readOpenTypes(target).some((type) => type === AGREE || type in PHONE_BUTTONS)

const readOpenTypes = (element: Element): string[] =>
  (element.getAttribute('open-type') ?? '').split('|').map((type) => type.trim())

const dispatch = (target: Element, type: string, detail: object) => {
  target.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }))
}
