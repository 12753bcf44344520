import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiKeyHeaders, type Browser, joinAs } from '../../test/support/admin-client.ts'
import { type Fixture, startFixture } from '../../test/support/fixture.ts'
import { csvCell } from '../http/rows.ts'
import type { AuditEntry } from '../stores/audit-store.ts'

let fixture: Fixture
let owner: Browser
const entry = (at: number): AuditEntry => ({
  id: `entry-${String(at).padStart(5, '0')}`,
  atMs: 1000 + Math.floor(at / 2),
  actorKind: 'cli',
  actorId: 'haoma',
  action: 'member.ban',
  targetKind: 'member',
  targetId: `m${at}`,
  reason: at === 0 ? '=HYPERLINK("http://evil.example","x")' : null,
  details: { at },
  ip: null,
  requestId: null,
})
beforeAll(async () => {
  fixture = await startFixture({ apps: [] })
  owner = (await joinAs(fixture.haoma, 'owner')).browser
  await fixture.db.audit.add(Array.from({ length: 1200 }, (_, at) => entry(at)))
})
afterAll(() => fixture.close())

it('is paged newest first, each line once', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body } = await owner.get(`/admin/v1/audit?action=member.&limit=200&cursor=${cursor}`)
    seen.push(...body.items.map(({ targetId }: { targetId: string }) => targetId))
    cursor = body.nextCursor
  }
  expect(seen).toEqual(Array.from({ length: 1200 }, (_, at) => `m${1199 - at}`))
  expect((await owner.get('/admin/v1/audit?cursor=nonsense')).body.code).toBe('CURSOR_INVALID')
  expect((await owner.get('/admin/v1/audit?limit=201')).body.code).toBe('BAD_REQUEST')
})

it('is exported whole, as lines of JSON and as a CSV that a spreadsheet does not run', async () => {
  const ndjson = await owner.get('/admin/v1/audit/export?format=ndjson&targetKind=member')
  const lines: string[] = ndjson.body.trim().split('\n')
  expect(lines).toHaveLength(1200)
  expect(JSON.parse(lines[1199] ?? '')).toMatchObject({
    targetId: 'm0',
    details: { at: 0 },
    at: expect.any(String),
  })

  const csv = await owner.get('/admin/v1/audit/export?targetId=m0')
  expect(csv.headers.get('content-type')).toContain('text/csv')
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="haoma-audit-[\d-]+\.csv"$/)
  const [head, row] = csv.body.split('\r\n')
  expect(head).toMatch(/^\uFEFF?id,at,actorKind/)
  expect(row).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`)
})

it('says that it was exported, before it is', async () => {
  const headers = await apiKeyHeaders(fixture, ['viewer'])
  await fixture.get('/admin/v1/audit/export?actorId=nobody', headers)
  const { items } = (await owner.get('/admin/v1/audit?action=audit.export&limit=1')).body
  expect(items[0]).toMatchObject({ actorKind: 'api-key', details: { actorId: 'nobody', format: 'csv' } })
})

it.each([
  ['=1+1', `"'=1+1"`],
  ['+8613800138000', `"'+8613800138000"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['  =1', `"'  =1"`],
  ['\r=1', `"'\r=1"`],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['plain', 'plain'],
  [-1, '-1'],
  [null, ''],
  [{ a: 1 }, '"{""a"":1}"'],
])('writes %j into a CSV as %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell)
})
