import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyRing } from '../crypto/key-ring.ts'
import { priceLiAt } from '../ledger/prices.ts'
import { createPhoneVault, maskPhone } from './vault.ts'

describe('maskPhone', () => {
  it.each([
    ['+8613800138000', '138****8000'],
    ['+85261234521', '+852 6*****21'],
    ['+14155550123', '+1 4*******23'],
    ['+659123', '+65 9*23'],
    ['+8602062848388', '+86 2*******88'],
    ['+999123456', '9******56'],
  ])('shows %s as %s', (e164, masked) => {
    expect(maskPhone(e164)).toBe(masked)
  })

  it('never shows more than 7 digits of the national number, nor all of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999 }),
        fc.stringMatching(/^[1-9]\d{3,13}$/),
        (country, national) => {
          const masked = maskPhone(`+${country}${national}`)
          expect(masked).not.toContain(national)
          expect(masked).toContain('*')
          expect(masked.replace(/^\+\d+ /, '').replace(/\D/g, '').length).toBeLessThanOrEqual(7)
        },
      ),
    )
  })
})

describe('phone vault', () => {
  const vault = createPhoneVault(createKeyRing([randomBytes(32)]))

  it('finds a number by an index that does not hold it, and reads it back masked', () => {
    const phone = vault.protect('+8613800138000')
    expect(phone.subject).toBe(vault.protect('+8613800138000').subject)
    expect(phone.subject).not.toBe(vault.protect('+8613800138001').subject)
    expect(JSON.stringify(phone)).not.toContain('13800138000')
    expect(phone.country).toBe('CN')
    expect(vault.readMasked(phone)).toBe('138****8000')
  })

  it('keeps equal national numbers of two countries apart', () => {
    expect(vault.protect('+8613800138000').subject).not.toBe(vault.protect('+113800138000').subject)
    expect(vault.protect('+85261234567').country).toBe('HK')
  })
})

describe('priceLiAt', () => {
  it('gives the price of the day', () => {
    const table = [
      { component: 'quick', fromMs: 100, li: 30 },
      { component: 'quick', fromMs: 200, li: 25 },
      { component: 'realtime', fromMs: 100, li: 40 },
    ] as const
    expect([50, 100, 199, 200].map((atMs) => priceLiAt('quick', atMs, table))).toEqual([0, 30, 30, 25])
    expect(priceLiAt('realtime', 500, table)).toBe(40)
  })

  it('knows the prices of the two components since 2023-08-28', () => {
    const atMs = Date.parse('2026-01-01T00:00:00+08:00')
    expect([priceLiAt('quick', atMs), priceLiAt('realtime', atMs)]).toEqual([30, 40])
    expect(priceLiAt('quick', Date.parse('2023-08-27T23:59:59+08:00'))).toBe(0)
  })
})
