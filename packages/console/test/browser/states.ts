import type { Page } from 'playwright-core'
import { emptyRoutes, type FakeRoutes, fullRoutes, problem } from './support/fake-api.ts'

/** A page in one of its states: where it is, what the service says, and what shows that it is there. */
export interface State {
  name: string
  path: string
  routes: FakeRoutes
  ready: string
  /** What is done before one looks. */
  act?: (page: Page) => Promise<unknown>
}

const broken = (): FakeRoutes => ({
  ...Object.fromEntries(
    Object.keys(fullRoutes).map((call) => [
      call,
      () =>
        problem(
          503,
          'STORE_UNAVAILABLE',
          '数据库暂时不可用，请稍后重试。',
          'The database is away. Try again soon.',
        ),
    ]),
  ),
  'GET session': fullRoutes['GET session'] ?? (() => undefined),
})
const nobody: FakeRoutes = {
  'GET session': () => problem(401, 'ADMIN_REQUIRED', '请先登录控制台。', 'Sign in first.'),
}

export const states: State[] = [
  { name: 'sign-in', path: '/sign-in', routes: nobody, ready: 'input[name=password]' },
  {
    name: 'sign-in wrong',
    path: '/sign-in',
    routes: {
      ...nobody,
      'POST session': () =>
        problem(
          401,
          'ADMIN_LOGIN_FAILED',
          '用户名、密码或动态码不正确。',
          'Name, password or one-time code is wrong.',
        ),
    },
    ready: 'input[name=password]',
    act: async (page) => {
      await page.fill('input[name=username]', 'lin')
      await page.fill('input[name=password]', 'not the password')
      await page.click('button[type=submit]')
      await page.waitForSelector('[role=alert]')
    },
  },
  {
    name: 'first owner',
    path: '/#/link/2vQ8xw0tT6f9yH1bKcLmNpRs',
    routes: {
      ...nobody,
      'POST links/read': () => ({ purpose: 'first-owner', role: 'owner', username: null, expiresInS: 871 }),
    },
    ready: 'input[name=username]',
  },
  {
    name: 'dead link',
    path: '/#/link/2vQ8xw0tT6f9yH1bKcLmNpRs',
    routes: { ...nobody, 'POST links/read': () => problem(410, 'LINK_INVALID') },
    ready: 'h1:has-text("链接不能用了"), h1:has-text("of no use")',
  },
  { name: 'overview', path: '/', routes: fullRoutes, ready: '[data-testid=tile-logins]' },
  { name: 'overview empty', path: '/', routes: emptyRoutes, ready: '[data-testid=empty]' },
  { name: 'overview failing', path: '/', routes: broken(), ready: '[data-testid=failure]' },
  { name: 'logins', path: '/logins', routes: fullRoutes, ready: '[data-testid=login]' },
  { name: 'logins empty', path: '/logins?outcome=failed', routes: emptyRoutes, ready: '[data-testid=empty]' },
  {
    name: 'login failed',
    path: '/logins/019ab0c4-7d3e-7067-8a1b-100000000103',
    routes: fullRoutes,
    ready: '[data-testid=explanation]',
  },
  { name: 'cost', path: '/cost', routes: fullRoutes, ready: '[data-testid=totals]' },
  { name: 'cost forecast', path: '/cost?tab=forecast', routes: fullRoutes, ready: 'figure svg' },
  { name: 'cost packs', path: '/cost?tab=packs', routes: fullRoutes, ready: 'tbody tr' },
  { name: 'cost books', path: '/cost?tab=books', routes: fullRoutes, ready: 'tbody tr' },
  { name: 'cost entries', path: '/cost?tab=entries', routes: fullRoutes, ready: 'tbody tr' },
  { name: 'cost failing', path: '/cost', routes: broken(), ready: '[data-testid=failure]' },
  { name: 'sms', path: '/sms', routes: fullRoutes, ready: 'tbody tr' },
  { name: 'no such page', path: '/nothing/here', routes: fullRoutes, ready: '[data-testid=empty]' },
]
