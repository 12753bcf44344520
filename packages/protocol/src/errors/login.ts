import type { ErrorEntry } from './entry.ts'

/** What can happen to somebody who signs in, and to any request. */
export const loginErrors = {
  BAD_REQUEST: {
    status: 400,
    action: 'give-up',
    title: 'The request body is not valid',
    text: {
      zh: '请求格式不正确，请按 issues 中的说明修改后重试。',
      en: 'The request is not valid. Mend what `issues` names and send it again.',
    },
  },
  BODY_TOO_LARGE: {
    status: 413,
    action: 'give-up',
    title: 'The request body is too large',
    text: { zh: '请求体过大（上限 16 KiB）。', en: 'The request body is over 16 KiB.' },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    action: 'give-up',
    title: 'The request body is not JSON',
    text: {
      zh: '请求体必须是 JSON，并带请求头 Content-Type: application/json。',
      en: 'The body must be JSON, sent with the header Content-Type: application/json.',
    },
  },
  NOT_FOUND: {
    status: 404,
    action: 'give-up',
    title: 'No such address',
    text: {
      zh: '没有这个接口，请对照 /openapi.json 检查方法和路径。',
      en: 'There is no such call. Check method and path against /openapi.json.',
    },
  },
  UNKNOWN_APP: {
    status: 400,
    action: 'give-up',
    title: 'This appid is not configured',
    text: {
      zh: '服务端没有这个应用，请用 haoma app add、控制台或 HAOMA_APPS 添加它。',
      en: 'The service does not have this app. Add it by haoma app add, in the console, or to HAOMA_APPS.',
    },
  },
  LOGIN_CODE_INVALID: {
    status: 401,
    action: 'login-again',
    title: 'The login code is wrong, expired or used',
    text: {
      zh: '登录凭证无效、已过期（5 分钟）或已被使用，请重新调用 wx.login。',
      en: 'The login code is wrong, older than 5 minutes or already used. Call wx.login again.',
    },
  },
  LOGIN_CODE_AS_PHONE_CODE: {
    status: 400,
    action: 'give-up',
    title: 'A login code was sent as the phone code',
    text: {
      zh: 'phoneCode 里放的是 wx.login 的 code。手机号 code 来自按钮的 getphonenumber 事件（64 位十六进制），两者不能混用。',
      en: 'phoneCode holds a wx.login code. The phone code comes from the button event (64 hex digits); the two are not interchangeable.',
    },
  },
  PHONE_CODE_AS_LOGIN_CODE: {
    status: 400,
    action: 'give-up',
    title: 'A phone code was sent as the login code',
    text: {
      zh: 'loginCode 里放的是手机号按钮的 code。loginCode 来自 wx.login（32 位字母数字），两者不能混用。',
      en: 'loginCode holds a phone code. The login code comes from wx.login (32 letters and digits); the two are not interchangeable.',
    },
  },
  PHONE_CODE_INVALID: {
    status: 422,
    action: 'tap-again',
    title: 'The phone code is wrong, expired or used',
    text: {
      zh: '手机号凭证无效、已超过 5 分钟（从点击按钮算起）、已被使用或不属于当前用户，请再点一次按钮。',
      en: 'The phone code is wrong, older than 5 minutes (counted from the tap), already used, or not of this user. Tap the button again.',
    },
  },
  PHONE_CODE_LOST: {
    status: 422,
    action: 'tap-again',
    title: 'The phone code was spent without an answer',
    text: {
      zh: '微信已消费该凭证，但结果没有送达，请再点一次按钮。',
      en: 'WeChat spent this code but its answer never arrived. Tap the button again.',
    },
  },
  CODE_IN_PROGRESS: {
    status: 503,
    action: 'retry',
    title: 'This code is being exchanged right now',
    text: {
      zh: '该凭证正在处理中，请稍后用相同内容重试，不会重复消费。',
      en: 'This code is being exchanged by an earlier request. Send the same body again in a moment; it is not spent twice.',
    },
  },
  PHONE_APP_MISMATCH: {
    status: 422,
    action: 'give-up',
    title: 'The phone code is of another mini program',
    text: {
      zh: '该手机号凭证属于另一个小程序，请检查前端使用的 appid。',
      en: 'This phone code is of another mini program. Check which appid the client runs.',
    },
  },
  PHONE_UNREADABLE: {
    status: 502,
    action: 'use-fallback',
    title: "WeChat's answer holds no number that can be read",
    text: {
      zh: '微信返回的号码无法识别，该凭证很可能已被消费，再点按钮没有帮助，请换一种方式登录。',
      en: "WeChat's answer holds no number that can be read. The code is most likely spent and another tap does not help. Offer another way in.",
    },
  },
  PHONE_COUNTRY_NOT_ALLOWED: {
    status: 422,
    action: 'show-message',
    title: 'Numbers of this country are not accepted',
    text: {
      zh: '暂不支持该国家或地区的手机号。',
      en: 'Numbers of this country or region are not accepted here.',
    },
  },
  PHONE_VERIFICATION_REQUIRED: {
    status: 409,
    action: 'verify-number',
    title: 'This number must be verified right now',
    text: {
      zh: '该手机号很久没有验证，或曾被其他微信使用，请用「手机号实时验证」或短信再验证一次。',
      en: 'This number was last verified long ago, or by another WeChat account. Verify it with the realtime component or by SMS.',
    },
  },
  IDENTITY_CONFLICT: {
    status: 409,
    action: 'resolve-conflict',
    title: 'The number or account belongs to another member',
    text: {
      zh: '该手机号已绑定另一个账号。可以在 10 分钟内验证该号码来合并两个账号，号码已为你保留。',
      en: 'This number is bound to another account. Prove it within ten minutes to join the two; the number is kept for you.',
    },
  },
  MERGE_TICKET_INVALID: {
    status: 410,
    action: 'show-message',
    title: 'The merge ticket is unknown, used or over',
    text: {
      zh: '合并请求已失效（10 分钟内有效，只能用一次，且限原设备），请重新登录后再试。',
      en: 'The merge ticket is unknown, used, over (ten minutes), or of another device. Sign in again and start anew.',
    },
  },
  MERGE_PROOF_REQUIRED: {
    status: 409,
    action: 'verify-number',
    title: 'The other account is not proven yet',
    text: {
      zh: '请先用「手机号实时验证」或短信验证该号码，或在另一个账号的登录状态下确认，再合并。',
      en: 'Prove the other account first: by the realtime component, by SMS, or by its own living session.',
    },
  },
  MEMBER_UNKNOWN: {
    status: 403,
    action: 'show-message',
    title: 'Only known members may sign in here',
    text: {
      zh: '该手机号还不是会员，请先联系商家开通。',
      en: 'This number is of no member yet. Ask the operator to add you first.',
    },
  },
  MEMBER_BANNED: {
    status: 403,
    action: 'show-message',
    title: 'This member may not sign in',
    text: { zh: '该账号已被停用，请联系客服。', en: 'This account is disabled. Please contact support.' },
  },
  RATE_LIMITED: {
    status: 429,
    action: 'retry',
    title: 'Too many requests',
    text: {
      zh: '请求过于频繁，请稍后再试；已取得的凭证不会失效。',
      en: 'Too many requests. Send the same body again after the wait; a code you hold is not lost by it.',
    },
  },
  HOST_NOT_ALLOWED: {
    status: 421,
    action: 'give-up',
    title: 'The service does not answer to this host name',
    text: {
      zh: '本服务不响应这个域名，请把它加入 HAOMA_ALLOWED_HOSTS。',
      en: 'The service does not answer to this host name. Add it to HAOMA_ALLOWED_HOSTS.',
    },
  },
  SHUTTING_DOWN: {
    status: 503,
    action: 'retry',
    title: 'This process is stopping',
    text: {
      zh: '服务正在重启，请稍后用相同内容重试；凭证没有丢失。',
      en: 'This process is stopping. Send the same body again in a moment; nothing is lost.',
    },
  },
  USER_BLOCKED: {
    status: 403,
    action: 'use-fallback',
    title: 'WeChat blocked this user as high-risk',
    text: {
      zh: '微信判定该用户存在风险，暂时不能登录，请换一种方式。',
      en: 'WeChat rates this user as high-risk and blocks the login. Offer another way in.',
    },
  },
  SESSION_REQUIRED: {
    status: 401,
    action: 'login-again',
    title: 'A session is required',
    text: { zh: '请先登录。', en: 'Sign in first.' },
  },
  SESSION_EXPIRED: {
    status: 401,
    action: 'login-again',
    title: 'The session has ended',
    text: { zh: '登录状态已失效，请重新登录。', en: 'The session has ended. Sign in again.' },
  },
  REFRESH_TOKEN_REUSED: {
    status: 401,
    action: 'login-again',
    title: 'A refresh token was used twice',
    text: {
      zh: '检测到重复使用的刷新凭证，为安全起见该会话已结束，请重新登录。',
      en: 'A refresh token was used twice; for safety that session has ended. Sign in again.',
    },
  },
  WECHAT_BUSY: {
    status: 503,
    action: 'retry',
    title: 'WeChat is busy',
    text: { zh: '微信繁忙，请稍后重试。', en: 'WeChat is busy. Try again in a moment.' },
  },
  WECHAT_UNREACHABLE: {
    status: 503,
    action: 'retry',
    title: 'WeChat cannot be reached',
    text: {
      zh: '暂时连接不上微信服务器，请稍后重试；凭证没有丢失。',
      en: 'WeChat cannot be reached right now. Try again in a moment; the code is not lost.',
    },
  },
  WECHAT_NO_ANSWER: {
    status: 503,
    action: 'retry',
    title: 'WeChat was asked and its answer did not arrive',
    text: {
      zh: '已向微信提交，但没有收到结果，请用相同内容重试；若凭证已被消费，会提示再点一次按钮。',
      en: 'WeChat was asked and its answer did not arrive. Send the same body again; should the code be spent, you will be told to tap again.',
    },
  },
  WECHAT_QUOTA: {
    status: 503,
    action: 'use-fallback',
    title: "The app's WeChat quota is used up",
    text: {
      zh: '该小程序的微信接口调用额度已用完，请换一种方式登录。',
      en: "The app's WeChat API quota is used up. Offer another way in.",
    },
  },
  WECHAT_MISCONFIGURED: {
    status: 502,
    action: 'show-message',
    title: 'The service is not set up correctly with WeChat',
    text: {
      zh: '服务端的微信配置有误，请联系管理员（详见服务日志）。',
      en: 'The service is not set up correctly with WeChat. Tell the administrator (the service log says more).',
    },
  },
  WECHAT_UNEXPECTED: {
    status: 502,
    action: 'show-message',
    title: 'WeChat answered with an error that is not in our table',
    text: {
      zh: '微信返回了未收录的错误，请把 requestId 和错误码交给管理员查询。',
      en: 'WeChat answered with an unlisted error. Give requestId and errcode to the administrator.',
    },
  },
  TIMED_OUT: {
    status: 503,
    action: 'retry',
    title: 'The request took too long',
    text: {
      zh: '处理时间过长，请稍后用相同内容重试；已开始的处理仍在继续，凭证没有丢失。',
      en: 'The request took too long. Send the same body again in a moment; what was begun goes on, and the code is not lost.',
    },
  },
  STORE_UNAVAILABLE: {
    status: 503,
    action: 'retry',
    title: 'The database cannot be reached',
    text: {
      zh: '数据库暂时不可用，请稍后用相同内容重试；凭证没有丢失。',
      en: 'The database cannot be reached right now. Send the same body again in a moment; the code is not lost.',
    },
  },
  INTERNAL: {
    status: 500,
    action: 'retry',
    title: 'Unexpected error',
    text: { zh: '服务内部错误，请稍后重试。', en: 'Something went wrong on our side. Try again.' },
  },
} as const satisfies Record<string, ErrorEntry>
