import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signedInAs } from '../../test/support/admin-client.ts'
import { type Answer, appid, type Client, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { type Robots, startRobots } from '../../test/support/robots.ts'
import { afterQuietHours } from './quiet-hours.ts'
import { robots as robotTable, verdictOf } from './robots.ts'

const webhooks = { allowedNetworks: ['127.0.0.0/8'] }
const MINUTE_MS = 60_000

let fixture: Fixture
let robots: Robots
let headers: Record<string, string>
beforeEach(async () => {
  fixture = await startFixture({ webhooks })
  robots = await startRobots(() => fixture.clock.now())
  headers = (await signedInAs(fixture, 'operator')).headers
})
afterEach(async () => {
  await fixture.close()
  await robots.close()
})

const call = async (method: string, path: string, body?: object): Promise<Answer> =>
  fixture.send(method, `/admin/v1${path}`, {
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
const run = (client: Client & { haoma: Fixture['haoma'] } = fixture) => client.haoma.housekeep()
const addRobot = async (kind: 'wecom' | 'dingtalk' | 'feishu', more: object = {}) => {
  const secret = kind === 'wecom' ? {} : { secret: robots.secrets[kind] }
  return (await call('POST', '/alert-channels', { name: kind, kind, url: robots[kind], ...secret, ...more }))
    .body
}
/** Leaves one rule only, for job failures, which a test makes and mends at will. */
const onlyRule = async (more: object = {}) => {
  await run()
  const { rules } = (await call('GET', '/alert-rules')).body
  for (const { id } of rules) await call('DELETE', `/alert-rules/${id}`)
  return (await call('POST', '/alert-rules', { name: 'jobs', kind: 'job-failing', ...more })).body
}
const breakJob = async (name = 'broken', error: string | null = 'x') => {
  const { jobs } = fixture.db
  await jobs.ensure([name])
  for (let i = 0; i < (error ? 3 : 1); i += 1) {
    const claim = await jobs.claim({
      name,
      owner: 't',
      leaseMs: 1,
      nowMs: fixture.clock.now(),
      evenIfNotDue: true,
    })
    await jobs.finish({ name, fence: claim?.fence ?? 0, nowMs: fixture.clock.now(), nextInMs: 9e9, error })
  }
}
const mendJob = (name = 'broken') => breakJob(name, null)
const textsOf = (robot: string) => robots.posted.filter((one) => one.robot === robot).map(({ text }) => text)

describe('rules', () => {
  it('are there from the first start, one of every kind, and what is deleted stays deleted', async () => {
    await run()
    const { rules, kinds } = (await call('GET', '/alert-rules')).body
    expect(rules.map(({ kind }: { kind: string }) => kind)).toEqual(
      kinds.map(({ kind }: { kind: string }) => kind),
    )
    await call('DELETE', `/alert-rules/${rules[0].id}`)
    await run()
    expect((await call('GET', '/alert-rules')).body.rules).toHaveLength(rules.length - 1)
  })

  it('find failures that spike in one app, and leave the others alone', async () => {
    await run()
    await fixture.wechat.fault({ kind: 'errcode', path: '/sns/jscode2session', errcode: 40125, count: 30 })
    for (let i = 0; i < 22; i += 1) {
      await fixture.post('/v1/login', { appid, loginCode: await fixture.wechat.loginCode('李雷') })
    }
    await run()
    await run()
    const { items } = (await call('GET', '/alerts?state=open')).body
    const spike = items.find(({ kind }: { kind: string }) => kind === 'failures-high')
    expect(spike).toMatchObject({
      appid,
      cause: appid,
      text: { zh: expect.stringContaining('WECHAT_MISCONFIGURED') },
    })
    expect(items.filter(({ kind }: { kind: string }) => kind === 'failures-high')).toHaveLength(1)
  })

  it('find a token that cannot be had, and that it can be had again', async () => {
    await run()
    const login = async (process: Client = fixture) =>
      process.post('/v1/login', {
        appid,
        loginCode: await fixture.wechat.loginCode('李雷'),
        phoneCode: await fixture.wechat.phoneCode('李雷'),
      })
    const found = async () =>
      (await call('GET', '/alerts?state=open')).body.items.filter(
        (one: { kind: string; appid: string }) => one.kind === 'token-failing' && one.appid === appid,
      )
    await fixture.wechat.fault({ kind: 'errcode', path: '/cgi-bin/stable_token', errcode: 40125, count: 99 })
    // The one before is dead by then, and so is the session of the operator.
    await fixture.advance(3 * 60 * MINUTE_MS)
    headers = (await signedInAs(fixture, 'operator')).headers
    expect((await login()).status).toBeGreaterThanOrEqual(400)
    await run()
    expect(await found()).toEqual([])
    await fixture.advance(6 * MINUTE_MS)
    await run()
    expect(await found()).toMatchObject([{ appid, text: { zh: expect.stringContaining('40125') } }])

    await fixture.wechat.clearFaults()
    await fixture.advance(MINUTE_MS)
    expect((await login(await fixture.startAnother())).status).toBe(200)
    await run()
    await fixture.advance(6 * MINUTE_MS)
    await run()
    expect(await found()).toEqual([])
  })

  it('find a process whose clock is off, by the time in what WeChat refuses', async () => {
    await run()
    const late = await fixture.startAnother({ clock: { now: () => fixture.clock.now() - 120_000 } })
    for (let i = 0; i < 3; i += 1) {
      await late.post('/v1/login', { appid, loginCode: `never-given-${i}` })
      await fixture.post('/v1/login', { appid, loginCode: `never-given-either-${i}` })
    }
    await late.haoma.housekeep()
    await run()
    const { items } = (await call('GET', '/alerts')).body
    expect(items).toMatchObject([{ kind: 'clock-off', cause: 'WeChat' }])
    expect(Number(/慢 (\d+) 秒/.exec(items[0].text.zh)?.[1])).toBeGreaterThan(110)
  })

  it('find a number that does not open', async () => {
    await run()
    const phone = { subject: 'gone.x', sealed: '1.gone.AAAA' }
    expect(fixture.haoma.people.vault.readMasked(phone)).toBeNull()
    await run()
    const { items } = (await call('GET', '/alerts')).body
    expect(items).toMatchObject([
      { kind: 'number-unreadable', text: { en: expect.stringContaining('phone-encryption (gone)') } },
    ])
  })

  it('name channels that are there, and lose those that are removed', async () => {
    const unknown = await call('POST', '/alert-rules', {
      name: 'x',
      kind: 'job-failing',
      channelIds: ['none'],
    })
    expect(unknown).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
    const [wecom, feishu] = [await addRobot('wecom'), await addRobot('feishu')]
    const rule = await onlyRule({ channelIds: [wecom.id, feishu.id] })
    expect((await call('PATCH', `/alert-rules/${rule.id}`, { channelIds: ['none'] })).status).toBe(400)
    await call('DELETE', `/alert-channels/${wecom.id}`)
    expect((await call('GET', '/alert-rules')).body.rules[0].channelIds).toEqual([feishu.id])
  })

  it('ring at the threshold they name', async () => {
    await onlyRule({ settings: { threshold: 4 } })
    await breakJob()
    await run()
    expect((await call('GET', '/alerts')).body.items).toEqual([])
    await breakJob()
    await run()
    expect((await call('GET', '/alerts')).body.items).toHaveLength(1)
  })
})

describe('an alert', () => {
  it('is opened and told once however often and by however many it is found, and again after it was over', async () => {
    await onlyRule()
    await addRobot('wecom')
    await breakJob()
    const other = await fixture.startAnother()
    await Promise.all([run(), run(other as typeof fixture)])
    await run()
    expect(textsOf('wecom')).toHaveLength(1)
    expect(textsOf('wecom')[0]).toContain('broken')

    await mendJob()
    await run()
    expect((await call('GET', '/alerts?state=open')).body.items).toHaveLength(1)
    await fixture.advance(6 * MINUTE_MS)
    await run()
    await run()
    expect((await call('GET', '/alerts')).body.items[0]).toMatchObject({
      state: 'closed',
      notifiedAt: expect.any(String),
    })
    expect(textsOf('wecom')[1]).toContain('已恢复')

    await breakJob()
    await fixture.advance(2 * MINUTE_MS)
    await run()
    await run()
    expect(textsOf('wecom')).toHaveLength(3)
    expect((await call('GET', '/alerts')).body.items.map(({ state }: { state: string }) => state)).toEqual([
      'open',
      'closed',
    ])
  })

  it('waits until the end of the quiet hours', async () => {
    const shanghai = new Date(fixture.clock.now() + 8 * 3_600_000)
    const at = (minutes: number) =>
      new Date(shanghai.getTime() + minutes * MINUTE_MS).toISOString().slice(11, 16)
    await onlyRule({ quietHours: { from: at(-60), to: at(60) } })
    await addRobot('wecom')
    await breakJob()
    await run()
    await fixture.advance(50 * MINUTE_MS)
    await run()
    expect(textsOf('wecom')).toEqual([])
    await fixture.advance(12 * MINUTE_MS)
    await run()
    expect(textsOf('wecom')).toHaveLength(1)
  })

  it('is told to webhooks as an event', async () => {
    const receiver = await startReceiver()
    await fixture.haoma.webhooks.create({ url: receiver.url, events: ['alert.*'] })
    await onlyRule()
    await breakJob()
    await run()
    await run()
    expect(
      receiver.received.map(({ message }) => [message.type, message.data.state, message.data.cause]),
    ).toEqual([['alert.job-failing', 'opened', 'broken']])
    await receiver.close()
  })

  it('of a rule that is switched off is over at once, and goes only to the channels of its rule', async () => {
    const wecom = await addRobot('wecom')
    await addRobot('feishu')
    const rule = await onlyRule({ channelIds: [wecom.id] })
    await breakJob()
    await run()
    expect(robots.posted.map(({ robot }) => robot)).toEqual(['wecom'])
    await call('PATCH', `/alert-rules/${rule.id}`, { isEnabled: false })
    await run()
    expect((await call('GET', '/alerts?state=open')).body.items).toEqual([])
  })
})

describe('channels', () => {
  it.each(['wecom', 'dingtalk', 'feishu'] as const)(
    '%s is spoken to as it wants, and shows no secret',
    async (kind) => {
      const channel = await addRobot(kind)
      expect((await call('POST', `/alert-channels/${channel.id}/test`)).body).toMatchObject({
        isDelivered: true,
      })
      expect(robots.posted).toEqual([{ robot: kind, text: expect.stringContaining('测试') }])
      const listed = JSON.stringify((await call('GET', '/alert-channels')).body)
      for (const secret of [robots[kind], robots.secrets.dingtalk, robots.secrets.feishu]) {
        expect(listed).not.toContain(secret)
        expect(fixture.log()).not.toContain(secret)
      }
      expect(listed).toContain('127.0.0.1')
    },
  )

  it.each([
    ['dingtalk', 310000],
    ['feishu', 19021],
  ] as const)('%s with a wrong secret is named, with what to do', async (kind, code) => {
    const channel = await addRobot(kind, { secret: 'SECwrong' })
    const { body } = await call('POST', `/alert-channels/${channel.id}/test`)
    expect(body).toMatchObject({ isDelivered: false, text: robotTable[kind].errors[code]?.text })
    const [listed] = (await call('GET', '/alert-channels')).body.channels
    expect(listed.lastError).toContain(body.text.zh)
    await call('PATCH', `/alert-channels/${channel.id}`, { secret: robots.secrets[kind] })
    expect((await call('POST', `/alert-channels/${channel.id}/test`)).body.isDelivered).toBe(true)
  })

  it('that say in a 200 that they failed are told again, and once', async () => {
    await onlyRule()
    await addRobot('wecom')
    await breakJob()
    robots.failNext(45009)
    await run()
    expect(textsOf('wecom')).toEqual([])
    await fixture.advance(2 * MINUTE_MS)
    robots.dropNext()
    await run()
    await fixture.advance(5 * MINUTE_MS)
    await run()
    await fixture.advance(5 * MINUTE_MS)
    await run()
    expect(textsOf('wecom')).toHaveLength(1)
  })

  it('get what is due together, in one message a minute', async () => {
    await onlyRule()
    await addRobot('wecom')
    for (let i = 0; i < 60; i += 1) await breakJob(`broken-job-with-a-long-name-number-${i}`)
    await run()
    await breakJob('later')
    await run()
    expect(textsOf('wecom')).toHaveLength(1)
    expect(textsOf('wecom')[0]).toContain('60 条告警')
    await fixture.advance(MINUTE_MS + 1000)
    await run()
    expect(textsOf('wecom')).toHaveLength(2)
    expect(textsOf('wecom')[1]).toContain('later')
  })

  it('of webhooks are signed as Standard Webhooks says, and need a secret', async () => {
    const receiver = await startReceiver()
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const unsigned = await call('POST', '/alert-channels', { name: 'w', kind: 'webhook', url: receiver.url })
    expect(unsigned).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
    await onlyRule()
    await call('POST', '/alert-channels', { name: 'w', kind: 'webhook', url: receiver.url, secret })
    await breakJob()
    await run()
    const [received] = receiver.received
    const verified = new Webhook(secret).verify(
      received?.body ?? '',
      received?.headers as Record<string, string>,
    )
    expect(verified).toMatchObject({ type: 'alert', alerts: [{ cause: 'broken', about: 'opened' }] })
    await receiver.close()
  })

  it('are not sent where webhooks may not be sent', async () => {
    const strict = await fixture.startAnother({ webhooks: { allowedNetworks: [] } })
    const channel = await addRobot('wecom')
    const answer = await strict.send('POST', `/admin/v1/alert-channels/${channel.id}/test`, {
      headers: { ...headers, 'content-type': 'application/json' },
    })
    expect(answer.body).toMatchObject({
      isDelivered: false,
      text: { en: expect.stringContaining('not allowed') },
    })
    expect(robots.posted).toEqual([])
  })
})

describe('quiet hours', () => {
  const at = (time: string) => Date.parse(`2026-11-25T${time}:00+08:00`)
  const night = { from: '22:00', to: '08:00' }
  it.each([
    ['21:59', night, at('21:59')],
    ['22:00', night, at('08:00') + 86_400_000],
    ['03:00', night, at('08:00')],
    ['08:00', night, at('08:00')],
    ['12:30', { from: '12:00', to: '13:00' }, at('13:00')],
    ['12:30', null, at('12:30')],
  ])('at %s with %j lead to their end', (time, quiet, expected) => {
    expect(afterQuietHours(at(time), quiet)).toBe(expected)
  })
})

describe('robots', () => {
  const notice = { title: 't', paragraphs: ['p'], isGood: true }
  it('sign like the vectors say', () => {
    const dingtalk = robotTable.dingtalk.request(
      {
        url: 'https://oapi.dingtalk.com/robot/send?access_token=x',
        secret: 'SECtest',
        nowMs: 1_700_000_000_000,
      },
      notice,
    )
    expect(new URL(dingtalk.url).searchParams.get('sign')).toBe(
      'aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=',
    )
    const feishu = robotTable.feishu.request(
      { url: 'https://x', secret: 'secret', nowMs: 1_700_000_000_123 },
      notice,
    )
    expect(JSON.parse(feishu.body)).toMatchObject({
      timestamp: '1700000000',
      sign: 'fiWS2+gh28DOydAv7hzONH/mDn9+b1Y4Y5ivXWXy8vA=',
    })
  })

  it('are given no more than they take, in whole characters', () => {
    const long = { ...notice, paragraphs: Array.from({ length: 40 }, (_, i) => `${i} ${'号码'.repeat(60)}`) }
    for (const paragraphs of [long.paragraphs, ['号'.repeat(9000)]]) {
      const { body } = robotTable.wecom.request(
        { url: 'https://x', secret: undefined, nowMs: 0 },
        { ...notice, paragraphs },
      )
      const { content } = JSON.parse(body).markdown
      expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4096)
      expect(content).not.toContain('\uFFFD')
      expect(content).toContain('… +')
    }
  })

  it.each([
    [{ status: 200, error: null, response: '{"errcode":0,"errmsg":"ok"}' }, true],
    [{ status: 200, error: null, response: '{"errcode":93000,"errmsg":"invalid webhook url"}' }, false],
    [{ status: 200, error: null, response: '{"errcode":1}' }, false],
    [{ status: 200, error: null, response: '<html>' }, false],
    [{ status: 502, error: null, response: '{"errcode":0}' }, false],
    [{ status: null, error: 'timed out', response: null }, false],
  ])('took %j: %s', (answer, isDelivered) => {
    const verdict = verdictOf(robotTable.wecom, answer)
    expect(verdict.isDelivered).toBe(isDelivered)
    if (!isDelivered) expect(verdict.waitMs).toBeGreaterThan(0)
  })
})
