import { describe, expect, it } from 'vitest'
import { gatewayPath, isOpen } from './rules.ts'

const appid = 'wx5f0a3c9e7b1d2468'
const at = (rest: string) => new URL(`http://haoma.test/wechat/${appid}${rest}`).pathname

describe('the path that a gateway request means', () => {
  it.each([
    ['/wxa/msg_sec_check', '/wxa/msg_sec_check'],
    ['/cgi-bin/message/subscribe/send', '/cgi-bin/message/subscribe/send'],
    ['/wxa/v1.2/a-b', '/wxa/v1.2/a-b'],
    // The URL itself is normalised before anybody looks.
    ['/wxa/x/../msg_sec_check', '/wxa/msg_sec_check'],
  ])('%s is %s', (sent, meant) => {
    expect(gatewayPath(at(sent), appid)).toBe(meant)
  })

  it.each([
    '/cgi-bin/%74oken',
    '/cgi-bin//token',
    '//cgi-bin/token',
    '/wxa/%2e%2e%2fcgi-bin/token',
    '/wxa/..%2fcgi-bin/token',
    '/wxa/a;b',
    '/wxa/a%5cb',
    '/wxa/a%00',
    '/wxa/',
    '/',
    '',
    '/wxa/.hidden',
    '/wxa/手机',
  ])('%s is none', (sent) => {
    expect(gatewayPath(at(sent), appid)).toBeUndefined()
  })
})

describe('a path is open', () => {
  it('only when the client has it on its list', () => {
    expect(isOpen('/wxa/msg_sec_check', [])).toBe(false)
    expect(isOpen('/wxa/msg_sec_check', ['/wxa/msg_sec_check'])).toBe(true)
    expect(isOpen('/wxa/msg_sec_check2', ['/wxa/msg_sec_check'])).toBe(false)
    expect(isOpen('/wxa/sec/order/upload', ['/wxa/sec/*'])).toBe(true)
    expect(isOpen('/wxa/secret', ['/wxa/sec/*'])).toBe(false)
  })

  it.each([
    '/cgi-bin/token',
    '/cgi-bin/Token',
    '/cgi-bin/stable_token',
    '/cgi-bin/STABLE_TOKEN',
    '/cgi-bin/clear_quota',
    '/cgi-bin/clear_quota/v2',
    '/cgi-bin/openapi/quota/clear',
    '/cgi-bin/openapi/rid/get',
    '/cgi-bin/component/api_component_token',
    '/sns/jscode2session',
    '/sns/oauth2/access_token',
    '/wxa/checksession',
    '/wxa/resetusersessionkey',
    '/wxa/business/getuserphonenumber',
    '/wxa/business/getuserencryptkey',
    '/wxa/business/checkencryptedmsg',
  ])('never: %s', (path) => {
    expect(isOpen(path, [path, '/cgi-bin/*', '/sns/*', '/wxa/*'])).toBe(false)
  })
})
