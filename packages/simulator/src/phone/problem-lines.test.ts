import { expect, it } from 'vitest'
import { problemLines } from './problem-lines.ts'

it('gives each error a line, and warnings of one kind one line with the first places', () => {
  const warnings = [3, 4, 5, 6, 7, 8, 9].map((line) => ({
    level: 'warn' as const,
    file: 'pages/a/a.wxml',
    line,
    message: 'duplicated attribute',
  }))
  const other = { level: 'warn' as const, file: 'pages/b/b.wxml', line: 1, message: 'invalid attribute' }
  const errors = ['a', 'b'].map((name) => ({
    level: 'error' as const,
    file: `${name}.json`,
    message: 'bad',
  }))
  expect(problemLines([...warnings, other, ...errors])).toEqual([
    { level: 'error', text: 'a.json bad' },
    { level: 'error', text: 'b.json bad' },
    {
      level: 'warn',
      text: 'pages/a/a.wxml:3 pages/a/a.wxml:4 pages/a/a.wxml:5 pages/a/a.wxml:6 pages/a/a.wxml:7 +2 duplicated attribute',
    },
    { level: 'warn', text: 'pages/b/b.wxml:1 invalid attribute' },
  ])
})
