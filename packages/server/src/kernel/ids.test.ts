import { expect, it } from 'vitest'
import { createUuidV7, readSupportCode, supportCodeOf } from './ids.ts'

it('makes UUIDs of version 7 that sort by time', () => {
  const ids = [1, 1_700_000_000_000, 1_700_000_000_001, 2 ** 47].map(createUuidV7)
  expect([...ids].sort()).toEqual(ids)
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

it('carries its time in the first 48 bits', () => {
  expect(createUuidV7(0x0123456789ab).slice(0, 13)).toBe('01234567-89ab')
})

it('names a request by eight characters that people can read out', () => {
  expect(supportCodeOf('01920000-0000-7000-8000-0000ffffffff')).toBe('03ZZZZZZ')
  const codes = Array.from({ length: 200 }, (_, i) => supportCodeOf(createUuidV7(i)))
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/)
  expect(new Set(codes).size).toBe(200)
  expect(supportCodeOf('id-of-a-proxy-1')).not.toBe(supportCodeOf('id-of-a-proxy-2'))
})

it('reads a support code as people write it', () => {
  expect(readSupportCode(' 7k3q-9xw1 ')).toBe('7K3Q9XW1')
  expect(readSupportCode('oIl00000')).toBe('01100000')
  expect(readSupportCode('7K3Q9XW')).toBeUndefined()
  expect(readSupportCode('UUUUUUUU')).toBeUndefined()
})
