import { afterAll, beforeAll, expect, it } from 'vitest'
import { joinAs } from '../../test/support/admin-client.ts'
import { type Fixture, startFixture } from '../../test/support/fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture({ apps: [] })
})
afterAll(() => fixture.close())

it('is found by an id that tells nothing, by who saved it alone, and stored sealed', async () => {
  const { browser: owner } = await joinAs(fixture.haoma, 'owner')
  const { browser: other } = await joinAs(fixture.haoma, 'viewer')
  const filter = { number: '+8613800138000', outcome: 'ok' }
  const { body: saved } = await owner.post('/admin/v1/filters', { page: 'logins', name: '老王', filter })
  const { body: unnamed } = await owner.post('/admin/v1/filters', { page: 'logins', filter })
  expect(saved).toMatchObject({
    id: expect.stringMatching(/^[\w-]{16}$/),
    page: 'logins',
    name: '老王',
    filter,
  })
  const stored = await fixture.db.savedFilters.find(saved.id)
  expect(JSON.stringify(stored)).not.toMatch(/138|outcome/)

  expect((await owner.get(`/admin/v1/filters/${unnamed.id}`)).body.filter).toEqual(filter)
  expect((await owner.get('/admin/v1/filters?page=logins')).body.filters).toEqual([saved])
  expect((await other.get(`/admin/v1/filters/${saved.id}`)).body.code).toBe('NOT_THERE')
  expect((await other.get('/admin/v1/filters')).body.filters).toEqual([])
  expect((await other.send('DELETE', `/admin/v1/filters/${saved.id}`)).body.code).toBe('NOT_THERE')
  expect((await owner.send('DELETE', `/admin/v1/filters/${saved.id}`)).status).toBe(204)
  expect((await owner.get(`/admin/v1/filters/${saved.id}`)).body.code).toBe('NOT_THERE')
})
