import { expect, it } from 'vitest'
import { createPasswords } from './passwords.ts'

const passwords = createPasswords({ logN: 4, r: 8, p: 1 })

it('hashes with a salt of its own, and says what it was made with', async () => {
  const [one, two] = [await passwords.hash('secret words'), await passwords.hash('secret words')]
  expect(one).toMatch(/^scrypt\$4\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  expect(one).not.toBe(two)
  for (const hash of [one, two]) expect(await passwords.isRight('secret words', hash)).toBe(true)
  expect(await passwords.isRight('secret word', one)).toBe(false)
  expect(await createPasswords({ logN: 5, r: 8, p: 2 }).isRight('secret words', one)).toBe(true)
})

it('takes a password however its characters are composed', async () => {
  expect(await passwords.isRight('Ｃafe\u0301', await passwords.hash('Caf\u00e9'))).toBe(true)
})

it.each([undefined, '', 'scrypt$', 'plain', 'md5$4$8$1$AA$AA'])('is never right for %s', async (stored) => {
  expect(await passwords.isRight('', stored)).toBe(false)
})
