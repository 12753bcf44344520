import { expect, it } from 'vitest'
import { createUuidV7 } from './ids.ts'

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
