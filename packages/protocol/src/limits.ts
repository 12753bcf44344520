/** Sizes and lifetimes that both ends of the wire keep to. */
export const limits = {
  /**
   * Life of a `wx.login` code and of a phone code, in seconds, counted from the tap and not from the consent.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
   */
  codeLifeS: 300,
  /** Longest code we accept, in characters. WeChat's are 32 (login) and 64 (phone) and opaque in principle. */
  codeLength: 512,
  /** Longest request body, in bytes. */
  bodyBytes: 16 * 1024,
} as const
