import { expect, it } from 'vitest'
import { columns, table } from './table.ts'

it('counts a Chinese character as two columns', () => {
  expect(columns('登录 Login')).toBe(10)
})

it('aligns the second column whatever the script of the first', () => {
  const lines = table([
    { label: '演示页 Demo', value: 'http://a' },
    { label: 'x', value: 'http://b', note: 'open it' },
  ]).split('\n')
  const starts = lines.map((line) => columns(line.slice(0, line.indexOf('http'))))
  expect(new Set(starts).size).toBe(1)
  expect(lines[1]).toMatch(/open it$/)
})
