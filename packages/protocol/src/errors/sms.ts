import type { ErrorEntry } from './entry.ts'

/** What can happen on the way in by SMS. */
export const smsErrors = {
  SMS_NOT_OFFERED: {
    status: 404,
    action: 'show-message',
    title: 'SMS sign-in is not set up for this app',
    text: {
      zh: '该应用没有开通短信登录。',
      en: 'SMS sign-in is not set up for this app.',
    },
  },
  SMS_NUMBER_INVALID: {
    status: 422,
    action: 'show-message',
    title: 'This is not a mobile number',
    text: {
      zh: '手机号格式不正确，请检查国家/地区和号码。',
      en: 'This is not a mobile number. Check country and digits.',
    },
  },
  SMS_CODE_WRONG: {
    status: 422,
    action: 'show-message',
    title: 'The SMS code is wrong',
    text: {
      zh: '验证码不正确，请重新输入。',
      en: 'The code is wrong. Enter it again.',
    },
  },
  SMS_CODE_OVER: {
    status: 410,
    action: 'show-message',
    title: 'The SMS code is over, used or burnt',
    text: {
      zh: '验证码已失效（过期、已使用或错误次数过多），请重新获取。',
      en: 'The code is over, used, or burnt by wrong tries. Ask for a new one.',
    },
  },
  SMS_CAPTCHA_REQUIRED: {
    status: 428,
    action: 'show-message',
    title: 'A captcha must be solved first',
    text: {
      zh: '请先完成人机验证再获取验证码。',
      en: 'Solve the captcha first, then ask for the code again.',
    },
  },
  SMS_BUDGET_REACHED: {
    status: 503,
    action: 'show-message',
    title: "Today's SMS budget is used up",
    text: {
      zh: '今日短信额度已用完，请换一种方式登录或明天再试。',
      en: "Today's SMS budget is used up. Use another way in, or try tomorrow.",
    },
  },
  SMS_SEND_FAILED: {
    status: 502,
    action: 'show-message',
    title: 'The provider did not send the SMS',
    text: {
      zh: '短信发送失败，请稍后重新获取；若仍失败请联系客服。',
      en: 'The SMS was not sent. Ask for a new one in a moment; contact support if it fails again.',
    },
  },
} as const satisfies Record<string, ErrorEntry>
