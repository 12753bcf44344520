/**
 * The calls that must be signed and encrypted once API security is switched on for an app, by topic.
 *
 * WeChat says so on the page of each call. Token calls, code2Session and clear_quota/v2 are not among them.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/getting_started/api_signature.html
 */
const PATHS_BY_TOPIC = {
  account: ['/cgi-bin/clear_quota', '/cgi-bin/openapi/quota/get', '/cgi-bin/openapi/rid/get'],
  user: [
    '/wxa/business/getuserphonenumber',
    '/wxa/business/checkencryptedmsg',
    '/wxa/business/getuserencryptkey',
    '/wxa/getpluginopenpid',
    '/wxa/getuserriskrank',
  ],
  content: ['/wxa/msg_sec_check', '/wxa/media_check_async'],
  codes: ['/wxa/getwxacode', '/wxa/getwxacodeunlimit', '/cgi-bin/wxaapp/createwxaqrcode'],
  messages: [
    '/cgi-bin/message/custom/send',
    '/cgi-bin/message/subscribe/send',
    '/cgi-bin/message/wxopen/updatablemsg/send',
    '/wxaapi/newtmpl/addtemplate',
    '/wxaapi/newtmpl/deltemplate',
  ],
  analysis: [
    '/datacube/getweanalysisappiddailyretaininfo',
    '/datacube/getweanalysisappiddailysummarytrend',
    '/datacube/getweanalysisappiddailyvisittrend',
    '/datacube/getweanalysisappidmonthlyretaininfo',
    '/datacube/getweanalysisappidmonthlyvisittrend',
    '/datacube/getweanalysisappiduserportrait',
    '/datacube/getweanalysisappidvisitdistribution',
    '/datacube/getweanalysisappidvisitpage',
    '/datacube/getweanalysisappidweeklyretaininfo',
    '/datacube/getweanalysisappidweeklyvisittrend',
    '/wxa/business/performance/boot',
  ],
  operation: [
    '/wxa/getwxadevinfo',
    '/wxaapi/log/get_performance',
    '/wxaapi/log/jserr_detail',
    '/wxaapi/log/jserr_list',
  ],
  extensions: ['/wxa/devplugin', '/wxa/plugin', '/wxa/servicemarket', '/cgi-bin/soter/verify_signature'],
  express: [
    '/cgi-bin/express/business/account/getall',
    '/cgi-bin/express/business/delivery/getall',
    '/cgi-bin/express/business/printer/getall',
    ...[
      'addorder',
      'apply',
      'balancequery',
      'cancelorder',
      'createstore',
      'getcity',
      'getpaymode',
      'mocknotify',
      'preaddorder',
      'queryflow',
      'queryorder',
      'querystore',
      'setpaymode',
      'storecharge',
      'storerefund',
      'updatestore',
    ].map((name) => `/cgi-bin/express/intracity/${name}`),
  ],
} as const

export const API_SECURITY_PATHS: ReadonlySet<string> = new Set(Object.values(PATHS_BY_TOPIC).flat())
