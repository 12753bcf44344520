import { type Text, text } from '../text.ts'

/** A way in which a tap on a phone button ends without a code, as real clients have worded it. */
export interface PhoneEnding {
  /** What stands in `errMsg` after the button's prefix and a colon. */
  tail: string
  errno?: number
  /** Whether it is the user who said no; the bill counts those as refusals. */
  isRefusal: boolean
  text: Text
  source: string
}

const refusal = (tail: string, source: string): PhoneEnding => ({
  tail,
  isRefusal: true,
  text: text('用户拒绝或取消', 'the user refused or cancelled'),
  source,
})
const failure = (tail: string, what: Text, source: string, errno?: number): PhoneEnding => ({
  tail,
  isRefusal: false,
  text: what,
  source,
  ...(errno === undefined ? {} : { errno }),
})

const noPermission = text('账号没有权限', 'the account has no permission')
const notBound = text('微信没有绑定手机号', 'no phone number is bound to this WeChat')
const needsVerification = text(
  '绑定的手机号要先在微信里短信验证',
  'the bound number has to be verified by SMS in WeChat first',
)
const tooOld = text('微信版本过低', 'the WeChat client is too old')
const manyPosts = 'many posts'
const publicCode = 'compared with in public mini programs'

/**
 * The endings that can be ordered for the next tap. Chinese clients word some of them in Chinese and others in English;
 * a page has to understand all.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
 */
export const phoneEndings = {
  'deny-space': refusal('fail user deny', `iOS and DevTools; ${manyPosts}`),
  'deny-colon': refusal('fail:user deny', 'Android; several posts'),
  'deny-old': refusal('user deny', 'older clients; several posts'),
  'cancel-space': refusal('fail user cancel', 'single report'),
  'cancel-colon': refusal('fail:user cancel', publicCode),
  'cancel-bind': refusal('fail:cancel to bind phone', publicCode),
  'cancel-login': refusal('fail:cancel to confirm login', publicCode),
  'auth-deny': refusal('fail auth deny', 'single report'),
  'no-permission': failure('fail no permission', noPermission, 'several posts'),
  'no-permission-zh': failure('fail 该 appid 没有权限', noPermission, manyPosts),
  'no-permission-zh-error': failure('fail Error: 该 appid 没有权限', noPermission, 'DevTools; posts'),
  'api-banned': failure(
    'fail appid privacy api banned',
    text(
      '审核后权限被收回，再次同意隐私也无用',
      'the permission was taken back after a review; agreeing again is no help',
    ),
    'reports since 2023',
  ),
  'not-bound-zh': failure('fail 用户未绑定手机，请先在微信客户端进行绑定后重试', notBound, publicCode),
  'not-bound-en': failure(
    'fail The user is not bound to the mobile phone. Please try again after binding on the WeChat client',
    notBound,
    publicCode,
  ),
  'needs-verification-zh': failure(
    'fail 用户绑定的手机需要进行验证，请在客户端完成短信验证步骤',
    needsVerification,
    publicCode,
  ),
  'needs-verification-zh-error': failure(
    'fail Error: 用户绑定的手机需要进行验证，请在客户端完成短信验证步骤',
    needsVerification,
    'DevTools; public code',
  ),
  'needs-verification-en': failure(
    'fail Error: The mobile phone user bound needs to be verified. Please complete the SMS verification step on the client',
    needsVerification,
    'public code',
  ),
  'too-old-zh': failure(
    'fail 当前微信版本过低，无法使用该功能，请升级到最新微信版本后重试',
    tooOld,
    'the wording of WeChat’s compatibility page; not seen in this event',
  ),
  'too-old-en': failure(
    'fail The current WeChat version is too low to use this feature. Please update WeChat and try again',
    tooOld,
    'a translation of the wording above; not seen',
  ),
  'privacy-not-agreed': failure(
    'fail privacy permission is not authorized',
    text('用户未同意隐私指引', 'the user has not agreed to the privacy guideline'),
    'privacy page and posts',
    104,
  ),
  'privacy-refused': failure(
    'fail privacy permission is not authorized',
    text('用户拒绝了隐私弹窗', 'the user refused the privacy popup'),
    'one public file gives errno 103 this meaning',
    103,
  ),
  'privacy-not-declared': failure(
    'fail api scope is not declared in the privacy agreement',
    text('隐私指引里没有声明手机号', 'the privacy guideline does not declare phone numbers'),
    'privacy page and posts',
    112,
  ),
  'errno-102': failure('fail', text('含义不明', 'meaning unknown'), 'reported, unexplained', 102),
  'no-quota': failure(
    'fail no quota',
    text('额度用完', 'the quota is used up'),
    'the errno is documented, the text is not',
    1400001,
  ),
  'time-out': failure(
    'fail time out',
    text('超过 5 分钟才同意', 'consent came after 5 minutes'),
    'announced by WeChat staff in 2023',
  ),
  'request-timeout': failure(
    'fail request timeout',
    text('客户端网络超时', 'the client’s own request timed out'),
    'the usual wording of client calls',
  ),
  'no-openid': failure(
    'sendOpenReq:fail:no openid',
    text('在 Donut 多端应用里', 'inside a Donut app'),
    'single report',
    10100005,
  ),
} satisfies Record<string, PhoneEnding>

export type PhoneEndingKey = keyof typeof phoneEndings
export const phoneEndingKeys = Object.keys(phoneEndings) as [PhoneEndingKey, ...PhoneEndingKey[]]
