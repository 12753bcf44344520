import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyRing, MissingKeyError } from '../crypto/key-ring.ts'
import { createLogger } from '../kernel/logger.ts'
import { priceLiAt } from '../ledger/prices.ts'
import { isCountryAllowed, maskPhone } from './e164.ts'
import { createPhoneVault } from './vault.ts'

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
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
  const keyRing = createKeyRing([newKey, oldKey])
  const [newId, oldId] = keyRing.all('phone-index').map(({ id }) => id) as [string, string]
  const lines: string[] = []
  const logger = createLogger('info', { write: (line) => void lines.push(line) })
  const vault = createPhoneVault(keyRing, logger)

  it('finds a number by an index that does not hold it, and reads it back masked', () => {
    const phone = vault.protect('+8613800138000', newId)
    expect(phone.subject).toBe(vault.protect('+8613800138000', newId).subject)
    expect(phone.subject).not.toBe(vault.protect('+8613800138001', newId).subject)
    expect(JSON.stringify(phone)).not.toContain('13800138000')
    expect(phone.country).toBe('CN')
    expect(vault.readMasked(phone)).toBe('138****8000')
    expect(vault.read(phone)).toBe('+8613800138000')
  })

  it('keeps equal national numbers of two countries apart', () => {
    const subjectOf = (e164: string) => vault.protect(e164, newId).subject
    expect(subjectOf('+8613800138000')).not.toBe(subjectOf('+113800138000'))
    expect(vault.protect('+85261234567', newId).country).toBe('HK')
  })

  it('writes under the key it is told, names it, and looks up under every key of the ring', () => {
    const [young, old] = [newId, oldId].map((keyId) => vault.protect('+8613800138000', keyId))
    expect(young?.subject).toMatch(new RegExp(`^${newId}\\.[0-9a-f]{64}$`))
    expect(old?.subject.startsWith(`${oldId}.`)).toBe(true)
    expect(old?.sealed.split('.')[1]).toBe(oldId)
    expect(vault.subjectsOf('+8613800138000')).toEqual([young?.subject, old?.subject])
    expect(vault.maskedSubjectsOf('138****8000')).toEqual([young?.maskedSubject, old?.maskedSubject])
    expect(() => vault.protect('+8613800138000', 'ffffffff')).toThrow(MissingKeyError)
  })

  it('costs a masked number and a line in the log when a value does not open, and nothing else', () => {
    const phone = vault.protect('+8613800138000', newId)
    const other = vault.protect('+8613800138001', newId)
    lines.length = 0
    expect(vault.readMasked({ ...phone, sealed: other.sealed })).toBeNull()
    expect(createPhoneVault(createKeyRing([randomBytes(32)]), logger).read(phone)).toBeNull()
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('number-unreadable')
    expect(lines.join()).not.toContain('13800138')
    expect(vault.readMasked({ subject: '', sealed: null })).toBeNull()
    expect(lines).toHaveLength(2)
  })
})

describe('the list of countries', () => {
  it('takes all when there is none, and only those on it otherwise', () => {
    expect(isCountryAllowed('US', undefined)).toBe(true)
    expect(isCountryAllowed(null, undefined)).toBe(true)
    expect(isCountryAllowed('CN', ['CN', 'HK'])).toBe(true)
    expect(isCountryAllowed('US', ['CN', 'HK'])).toBe(false)
    expect(isCountryAllowed(null, ['CN'])).toBe(false)
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
