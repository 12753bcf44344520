import type { ErrorEntry } from './entry.ts'

/** What can happen on the administrators' surface. */
export const adminErrors = {
  ADMIN_REQUIRED: {
    status: 401,
    action: 'give-up',
    title: 'An administrator must sign in',
    text: {
      zh: '请先登录控制台。',
      en: 'Sign in to the console first.',
    },
  },
  ADMIN_LOGIN_FAILED: {
    status: 401,
    action: 'show-message',
    title: 'Name, password or code is wrong',
    text: {
      zh: '用户名、密码或动态码不正确。',
      en: 'Name, password or one-time code is wrong.',
    },
  },
  ADMIN_TOTP_REQUIRED: {
    status: 401,
    action: 'show-message',
    title: 'A one-time code is required',
    text: {
      zh: '请输入动态验证码或恢复码。',
      en: 'Enter the one-time code or a recovery code.',
    },
  },
  ADMIN_LOCKED: {
    status: 429,
    action: 'show-message',
    title: 'Too many failed sign-ins',
    text: {
      zh: '登录失败次数过多，账号已暂时锁定。',
      en: 'Too many failed sign-ins; the account is locked for a while.',
    },
  },
  ADMIN_FORBIDDEN: {
    status: 403,
    action: 'show-message',
    title: 'The role may not do this',
    text: {
      zh: '当前角色没有此权限。',
      en: 'Your role may not do this.',
    },
  },
  CSRF_FAILED: {
    status: 403,
    action: 'give-up',
    title: 'The request does not come from the console',
    text: {
      zh: '请求缺少或带有错误的 X-Haoma-CSRF，请刷新页面后重试。',
      en: 'The X-Haoma-CSRF header is missing or wrong. Reload the page and try again.',
    },
  },
  LINK_INVALID: {
    status: 410,
    action: 'show-message',
    title: 'The one-time link is used or over',
    text: {
      zh: '一次性链接已失效，请用 haoma admin create 重新生成。',
      en: 'The one-time link is used or over. Make a new one with `haoma admin create`.',
    },
  },
  NOT_THERE: {
    status: 404,
    action: 'show-message',
    title: 'There is nothing by this id',
    text: {
      zh: '没有找到这条记录。',
      en: 'There is nothing by this id.',
    },
  },
  NAME_TAKEN: {
    status: 409,
    action: 'show-message',
    title: 'The name is taken',
    text: {
      zh: '该名称已被使用。',
      en: 'That name is taken.',
    },
  },
  NOT_POSSIBLE_NOW: {
    status: 409,
    action: 'show-message',
    title: 'This cannot be done in the present state',
    text: {
      zh: '当前状态下不能执行该操作，详见说明。',
      en: 'This cannot be done in the present state; the detail says why.',
    },
  },
} as const satisfies Record<string, ErrorEntry>
