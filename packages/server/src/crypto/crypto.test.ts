import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyRing } from './key-ring.ts'
import { createKeyedHash } from './keyed-hash.ts'
import { createSealer, UnsealError } from './sealer.ts'

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const sealerOf = (...keys: Buffer[]) => createSealer(createKeyRing(keys), 'phone-encryption')

describe('sealer', () => {
  it('opens what it sealed, and only in the context it was sealed for', () => {
    const sealer = sealerOf(newKey)
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (plain, context, other) => {
        const sealed = sealer.seal(plain, context)
        expect(sealer.open(sealed, context)).toBe(plain)
        if (other !== context) expect(() => sealer.open(sealed, other)).toThrow(UnsealError)
      }),
    )
  })

  it('refuses a text that was altered anywhere', () => {
    const sealer = sealerOf(newKey)
    const sealed = sealer.seal('+8613800138000', 'x')
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`
      // The last character of base64 may carry bits that decode to nothing.
      if (Buffer.from(altered.split('.')[2] ?? '', 'base64url').equals(bodyOf(sealed)) && at > 11) continue
      expect(() => sealer.open(altered, 'x'), `position ${at}`).toThrow(UnsealError)
    }
  })

  it('never seals the same text to the same value twice', () => {
    const sealer = sealerOf(newKey)
    expect(sealer.seal('a', 'x')).not.toBe(sealer.seal('a', 'x'))
  })

  it('opens what an older key of the ring sealed, and seals with the first', () => {
    const sealed = sealerOf(oldKey).seal('a', 'x')
    const rotated = sealerOf(newKey, oldKey)
    expect(rotated.open(sealed, 'x')).toBe('a')
    expect(sealerOf(newKey).open(rotated.seal('b', 'x'), 'x')).toBe('b')
    expect(() => sealerOf(newKey).open(sealed, 'x')).toThrow(UnsealError)
  })
})

describe('key ring', () => {
  it('derives another key for each purpose and each master key, the same each time', () => {
    const ring = createKeyRing([newKey])
    const keys = [
      ring.current('phone-index'),
      ring.current('code-index'),
      createKeyRing([oldKey]).current('code-index'),
    ]
    expect(new Set(keys.map(({ key }) => key.toString('hex'))).size).toBe(3)
    expect(createKeyRing([newKey]).current('phone-index')).toEqual(keys[0])
  })

  it('refuses a master key of another length', () => {
    expect(() => createKeyRing([randomBytes(16)]).current('phone-index')).toThrow('32 bytes')
  })
})

describe('keyed hash', () => {
  it('tells lists of parts apart that join to the same text', () => {
    const hash = createKeyedHash(createKeyRing([newKey]), 'code-index')
    expect(hash('ab', 'c')).not.toBe(hash('a', 'bc'))
    expect(hash('ab', 'c')).toBe(hash('ab', 'c'))
  })
})

function bodyOf(sealed: string): Buffer {
  return Buffer.from(sealed.split('.')[2] ?? '', 'base64url')
}
