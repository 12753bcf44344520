import type { RefusalRow } from './refusals.ts'

const HOUR_S = 3600

/** @see https://cloud.tencent.com/document/api/382/55981 */
export const tencentRefusals: readonly RefusalRow[] = [
  {
    codes: ['InvalidParameterValue.IncorrectPhoneNumber', 'InvalidParameter.PhoneNumber*'],
    means: 'number',
    text: { zh: '手机号格式错误。', en: 'Not a phone number.' },
  },
  {
    codes: [
      'LimitExceeded.AppCountryOrRegion*',
      'UnsupportedOperation.UnsupportedRegion',
      'UnsupportedOperation.UnsuportedRegion',
    ],
    means: 'country',
    text: {
      zh: '该国家/地区未开通或已达上限，请在控制台的国际/港澳台短信设置中调整。',
      en: 'This country is not enabled or has reached its limit. Change it in the console under international SMS.',
    },
  },
  {
    codes: ['LimitExceeded.PhoneNumberThirtySecondLimit'],
    means: 'too-often',
    retryAfterS: 30,
    text: { zh: '该号码 30 秒内的条数超过上限。', en: 'Too many to this number within 30 seconds.' },
  },
  {
    codes: ['LimitExceeded.DeliveryFrequencyLimit', 'LimitExceeded.PhoneNumberOneHourLimit'],
    means: 'too-often',
    retryAfterS: HOUR_S,
    text: {
      zh: '该号码的发送频率超过上限，可在控制台的发送频率限制中调整。',
      en: 'Too many to this number within the hour. The console has the setting for it.',
    },
  },
  {
    codes: ['LimitExceeded.PhoneNumberDailyLimit', 'LimitExceeded.PhoneNumberSameContentDailyLimit'],
    means: 'too-often',
    retryAfterS: 12 * HOUR_S,
    text: { zh: '该号码当日的条数超过上限。', en: 'Too many to this number today.' },
  },
  {
    codes: ['RequestLimitExceeded*', 'LimitExceeded.GlobalSmsSendingRateLimit'],
    means: 'too-often',
    retryAfterS: 1,
    text: { zh: '接口请求过快。', en: 'Too many requests to the API at once.' },
  },
  {
    codes: [
      'FailedOperation.InsufficientBalanceInSmsPackage',
      'UnauthorizedOperation.SerivceSuspendDueToArrears',
      'UnauthorizedOperation.ServiceSuspendDueToArrears',
    ],
    means: 'quota',
    text: {
      zh: '套餐包余量不足或账户欠费，请在控制台购买套餐包或充值。',
      en: 'No SMS are left in the package, or the account is in arrears. Buy a package or pay in the console.',
    },
  },
  {
    codes: [
      'LimitExceeded.AppDailyLimit',
      'LimitExceeded.AppMainlandChinaDailyLimit',
      'LimitExceeded.AppGlobalDailyLimit',
      'LimitExceeded.DailyLimit',
    ],
    means: 'quota',
    text: {
      zh: '应用当日的发送总量达到上限，请在控制台的发送总量限制中调整。',
      en: 'The application has reached its limit of the day. The console has the setting for it.',
    },
  },
  {
    codes: ['FailedOperation.PhoneNumberInBlacklist', 'FailedOperation.PhoneNumberIsBlack*'],
    means: 'blocked',
    text: {
      zh: '该号码在黑名单中（退订或投诉过），需用户联系平台客服解除。',
      en: "The number is on the provider's blacklist (it opted out or complained). Its owner has to ask for removal.",
    },
  },
  {
    codes: ['InternalError.RequestTimeException', 'AuthFailure.SignatureExpire'],
    means: 'setup',
    text: {
      zh: '本机时间与标准时间相差超过 5 分钟，请校准时钟。',
      en: "This machine's clock is off by more than five minutes. Set it.",
    },
  },
  {
    codes: ['AuthFailure*', 'UnauthorizedOperation.CamNoAuth*'],
    means: 'setup',
    text: {
      zh: '密钥无效或没有短信权限，请检查 HAOMA_SMS_SECRET_ID 与 HAOMA_SMS_SECRET_KEY。',
      en: 'The keys are wrong or may not send SMS. Check HAOMA_SMS_SECRET_ID and HAOMA_SMS_SECRET_KEY.',
    },
  },
  {
    codes: ['UnauthorizedOperation*', 'FailedOperation.ForbidAddMarketingTemplates'],
    means: 'setup',
    text: {
      zh: '应用或来源 IP 没有发送权限，请在控制台检查 SdkAppId、应用状态和 IP 白名单。',
      en: 'The application or this address may not send. Check SdkAppId, its state and the list of addresses in the console.',
    },
  },
  {
    codes: ['FailedOperation.SignatureIncorrectOrUnapproved', 'FailedOperation.MissingSignature'],
    means: 'setup',
    text: {
      zh: '签名未通过审核或填写不一致（不含【】），请检查 HAOMA_SMS_SIGN_NAME。',
      en: 'The signature is not approved or is written differently (no brackets). Check HAOMA_SMS_SIGN_NAME.',
    },
  },
  {
    codes: [
      'FailedOperation.Template*',
      'FailedOperation.MissingTemplate*',
      'InvalidParameterValue.Template*',
      'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter',
      'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone',
      'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone',
    ],
    means: 'setup',
    text: {
      zh: '模板未通过审核，或变量个数、地区与模板不符，请检查 HAOMA_SMS_TEMPLATE_ID 与 HAOMA_SMS_TEMPLATE_PARAMS。',
      en: 'The template is not approved, or its variables or region do not fit. Check HAOMA_SMS_TEMPLATE_ID and HAOMA_SMS_TEMPLATE_PARAMS.',
    },
  },
  {
    codes: [
      'InvalidParameter*',
      'MissingParameter*',
      'UnknownParameter*',
      'UnsupportedOperation*',
      'InvalidAction*',
    ],
    means: 'setup',
    text: {
      zh: '请求参数不被接受，请检查短信的各项配置（SdkAppId、地域、模板）。',
      en: 'A parameter is not taken. Check the SMS settings (SdkAppId, region, template).',
    },
  },
  {
    codes: [
      'InternalError*',
      'ServiceUnavailable*',
      'FailedOperation.FailResolvePacket',
      'FailedOperation.JsonParseFail',
    ],
    means: 'unknown',
    text: {
      zh: '短信平台内部错误，可能已经发出；可在控制台的发送记录中核对。',
      en: 'The provider failed on its way and may have sent it. Its console shows what was sent.',
    },
  },
]
