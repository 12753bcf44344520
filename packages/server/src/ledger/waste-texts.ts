import type { TextPair } from '@haoma/protocol/admin'
import type { WasteCause } from '../stores/ledger-store.ts'

/** What each cause of waste means, and what to do about it. */
export const wasteTexts: Record<Exclude<WasteCause, ''>, { text: TextPair; whatToDo: TextPair }> = {
  expired: {
    text: {
      zh: '用户授权了，但代码到服务时已经过期，换不到号码。',
      en: 'The user agreed, but the code was over when the service got it, so it gave no number.',
    },
    whatToDo: {
      zh: '授权后立即发送代码；弱网时由客户端自动重试。',
      en: 'Send the code right after the tap; let the client repeat by itself on weak networks.',
    },
  },
  'double-tap': {
    text: {
      zh: '同一用户在短时间内授权了不止一次，只有一次有用。',
      en: 'The same user agreed more than once within a short time; only one was of use.',
    },
    whatToDo: {
      zh: '授权处理完之前不要再显示按钮。',
      en: 'Do not show the button again before the first tap is dealt with.',
    },
  },
  lost: {
    text: {
      zh: '微信已经计费，但它的回答没有到达，代码也不能再用。',
      en: 'WeChat has charged, but its answer never arrived, and the code cannot be used again.',
    },
    whatToDo: {
      zh: '检查服务到微信的网络和超时设置。',
      en: 'Check the network between service and WeChat, and the timeout.',
    },
  },
  'never-sent': {
    text: {
      zh: '按钮报告用户已授权，但代码从未到达服务。',
      en: 'The button told that the user agreed, but the code never came to the service.',
    },
    whatToDo: {
      zh: '检查小程序在授权后是否总会发送代码，以及请求域名是否可达。',
      en: 'Check that the mini program sends every code, and that it reaches the domain of the service.',
    },
  },
  unreadable: {
    text: {
      zh: '微信已经计费，但它的回答无法读取。',
      en: 'WeChat has charged, but its answer could not be read.',
    },
    whatToDo: {
      zh: '检查应用的 API 安全密钥，并按 rid 向微信查询。',
      en: "Check the app's API security keys, and ask WeChat by the rid.",
    },
  },
}
