export const APPID = 'wx0123456789abcdef'
export const PHONE_PATH = '/wxa/business/getuserphonenumber'
export const APP_SECRET = '0123456789abcdef0123456789abcdef'

/** Phone codes as WeChat makes them: 64 hex digits. */
export const phoneCode = (number) => number.toString(16).padStart(64, '0')
