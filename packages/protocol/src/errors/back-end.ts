import type { ErrorEntry } from './entry.ts'

/** What can happen to a back end that calls with a client id and secret. */
export const backEndErrors = {
  CLIENT_REQUIRED: {
    status: 401,
    action: 'give-up',
    title: 'Client id and secret are required',
    text: {
      zh: '需要后端凭证：用 HTTP Basic 带上 clientId 和 clientSecret（haoma client create 生成）。',
      en: 'Send clientId and clientSecret by HTTP Basic; make them with `haoma client create`.',
    },
  },
  SCOPE_MISSING: {
    status: 403,
    action: 'give-up',
    title: 'The client lacks the scope of this call',
    text: {
      zh: '该客户端没有此接口的权限，请为它加上所需的 scope。',
      en: 'The client lacks the scope that this call needs. Grant it and try again.',
    },
  },
  IP_NOT_ALLOWED: {
    status: 403,
    action: 'give-up',
    title: 'Calls from this address are not allowed',
    text: {
      zh: '该 IP 不在允许列表中。',
      en: 'This address is not on the list of those allowed.',
    },
  },
  MEMBER_NOT_FOUND: {
    status: 404,
    action: 'give-up',
    title: 'No such member',
    text: {
      zh: '没有这个会员。',
      en: 'There is no such member.',
    },
  },
  REASON_REQUIRED: {
    status: 422,
    action: 'give-up',
    title: 'A reason is required',
    text: {
      zh: '查看完整号码必须填写 reason，它会记入审计。',
      en: 'Reading a full number needs a `reason`; it is written into the audit.',
    },
  },
  CURSOR_INVALID: {
    status: 400,
    action: 'give-up',
    title: 'The cursor is not one of ours',
    text: {
      zh: 'cursor 无效，请使用上一页返回的值，或不带 cursor 从头开始。',
      en: 'The cursor is not one that we gave out. Use the last one, or start without.',
    },
  },
  TOKEN_UNAVAILABLE: {
    status: 503,
    action: 'retry',
    title: 'No access token can be had right now',
    text: {
      zh: '暂时取不到 access_token，请稍后重试（详见服务日志）。',
      en: 'No access token can be had right now. Try again in a moment; the service log says why.',
    },
  },
  GATEWAY_PATH_DENIED: {
    status: 403,
    action: 'give-up',
    title: 'This path is not open to the client',
    text: {
      zh: '该客户端不能通过网关调用这个路径。',
      en: 'This path is not open to the client through the gateway.',
    },
  },
  LENGTH_REQUIRED: {
    status: 411,
    action: 'give-up',
    title: 'Content-Length is required',
    text: {
      zh: '请求必须带 Content-Length。',
      en: 'The request needs a Content-Length.',
    },
  },
} as const satisfies Record<string, ErrorEntry>
