import type { RefusalRow } from './refusals.ts'

/** @see https://help.aliyun.com/document_detail/101346.html */
export const aliyunRefusals: readonly RefusalRow[] = [
  {
    codes: ['isv.MOBILE_NUMBER_ILLEGAL', 'isv.MOBILE_COUNT_OVER_LIMIT', 'isv.PHONE_NUMBER_ILLEGAL'],
    means: 'number',
    text: { zh: '手机号格式错误。', en: 'Not a phone number.' },
  },
  {
    codes: ['isv.NOT_SUPPORTED_COUNTRY', 'isv.COUNTRY_RESTRICTED', 'isv.CUSTOMER_REFUSED_COUNTRY'],
    means: 'country',
    text: {
      zh: '该国家/地区未开通，请在控制台的国际/港澳台消息设置中开通。',
      en: 'This country is not enabled. Enable it in the console under international messages.',
    },
  },
  {
    codes: ['isv.BUSINESS_LIMIT_CONTROL', 'BUSINESS_LIMIT_CONTROL*', 'isv.BUSINESS_LIMIT*'],
    means: 'too-often',
    retryAfterS: 60,
    text: {
      zh: '该号码触发流控（默认每分钟 1 条、每小时 5 条、每天 10 条），可在控制台的国内消息设置中调整。',
      en: 'Too many to this number (1 a minute, 5 an hour, 10 a day unless changed in the console).',
    },
  },
  {
    codes: ['Throttling*'],
    means: 'too-often',
    retryAfterS: 1,
    text: { zh: '接口请求过快。', en: 'Too many requests to the API at once.' },
  },
  {
    codes: ['isv.AMOUNT_NOT_ENOUGH', 'isv.OUT_OF_SERVICE', 'isv.BILLING_DEDUCTION_ERROR'],
    means: 'quota',
    text: {
      zh: '账户余额或套餐包余量不足，请在控制台充值或购买。',
      en: 'The balance or the package is used up. Pay or buy in the console.',
    },
  },
  {
    codes: ['isv.DAY_LIMIT_CONTROL', 'isv.MONTH_LIMIT_CONTROL'],
    means: 'quota',
    text: {
      zh: '达到控制台设置的日/月发送上限，请在发送量设置中调整。',
      en: 'The limit of the day or month that is set in the console is reached.',
    },
  },
  {
    codes: ['isv.PHONENUMBER_BLACK*', 'isv.BLACK_LIST*', 'isv.BLACKLIST*', 'isv.CUSTOMER_REFUSED'],
    means: 'blocked',
    text: {
      zh: '该号码在黑名单中（退订或投诉过）。',
      en: "The number is on the provider's blacklist (it opted out or complained).",
    },
  },
  {
    codes: ['isv.DENY_IP_RANGE'],
    means: 'setup',
    text: {
      zh: '服务器在海外，平台不接受该 IP 地域；请从境内发送或联系平台。',
      en: 'The server stands in a region that the provider takes nothing from. Send from the mainland, or ask the provider.',
    },
  },
  {
    codes: ['isv.SMS_SIGN*', 'isv.ERROR_SIGN*', 'isv.SIGN*'],
    means: 'setup',
    text: {
      zh: '签名不存在、未通过审核或未完成实名报备，请检查 HAOMA_SMS_SIGN_NAME。',
      en: 'The signature is unknown, not approved, or not yet registered with the carriers. Check HAOMA_SMS_SIGN_NAME.',
    },
  },
  {
    codes: [
      'isv.SMS_TEMPLATE*',
      'isv.TEMPLATE*',
      'isv.SMS_CONTENT*',
      'isv.INVALID_JSON_PARAM',
      'isv.BLACK_KEY_CONTROL_LIMIT',
      'isv.PARAM_LENGTH_LIMIT',
      'isv.PARAM_NOT_SUPPORT_URL',
    ],
    means: 'setup',
    text: {
      zh: '模板未通过审核，或变量名、内容与模板不符，请检查 HAOMA_SMS_TEMPLATE_ID 与 HAOMA_SMS_TEMPLATE_PARAMS。',
      en: 'The template is not approved, or its variables do not fit. Check HAOMA_SMS_TEMPLATE_ID and HAOMA_SMS_TEMPLATE_PARAMS.',
    },
  },
  {
    codes: ['InvalidTimeStamp*', 'SignatureNonceUsed'],
    means: 'setup',
    text: {
      zh: '本机时间不准，请校准时钟。',
      en: "This machine's clock is off. Set it.",
    },
  },
  {
    codes: [
      'InvalidAccessKeyId*',
      'SignatureDoesNotMatch',
      'IncompleteSignature',
      'Forbidden*',
      'isp.RAM_PERMISSION_DENY',
      'isv.RAM_CHECK_FAILED',
      'NoPermission',
    ],
    means: 'setup',
    text: {
      zh: 'AccessKey 无效或没有短信权限，请检查 HAOMA_SMS_SECRET_ID 与 HAOMA_SMS_SECRET_KEY。',
      en: 'The AccessKey is wrong or may not send SMS. Check HAOMA_SMS_SECRET_ID and HAOMA_SMS_SECRET_KEY.',
    },
  },
  {
    codes: [
      'isv.PRODUCT_UN_SUBSCRIPT',
      'isv.PRODUCT_UNSUBSCRIBE',
      'isv.ACCOUNT*',
      'isv.INVALID_PARAMETERS',
      'isv.FORBIDDEN_ACTION',
      'Invalid*',
      'Missing*',
    ],
    means: 'setup',
    text: {
      zh: '短信服务未开通、账户异常或参数不被接受，请在控制台检查。',
      en: 'The SMS service is not activated, the account is not in order, or a parameter is not taken. Look in the console.',
    },
  },
  {
    codes: ['isp.*', 'ServiceUnavailable*', 'InternalError*', 'UnknownError'],
    means: 'unknown',
    text: {
      zh: '短信平台内部错误，可能已经发出；请先查回执再判断。',
      en: 'The provider failed on its way and may have sent it. Look at the receipt.',
    },
  },
]
