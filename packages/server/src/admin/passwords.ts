import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Of scrypt: N is 2^logN; a hash takes 128 · N · r bytes while it is made. */
export interface PasswordCost {
  logN: number
  r: number
  p: number
}

/**
 * Of a new hash: 32 MB and about a tenth of a second.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
const usualCost: PasswordCost = { logN: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32

export interface Passwords {
  /** `scrypt$15$8$3$<salt>$<hash>`: a hash beside everything that it was made with, but the password. */
  hash(password: string): Promise<string>
  /**
   * Whether the password is the one that was hashed. It takes its time also where there is nothing to compare with, so
   * that nobody learns which names exist.
   */
  isRight(password: string, stored: string | undefined): Promise<boolean>
}

/** @param cost - Of new hashes; stored ones name their own. */
export function createPasswords(cost: PasswordCost = usualCost): Passwords {
  const nothing = { cost, salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) }
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES)
      const hash = await derive(password, salt, cost)
      const { logN, r, p } = cost
      return ['scrypt', logN, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
    },
    isRight: async (password, stored) => {
      const known = readHash(stored)
      const { cost: its, salt, hash } = known ?? nothing
      const derived = await derive(password, salt, its)
      return timingSafeEqual(derived, hash) && known !== undefined
    },
  }
}

function readHash(stored = ''): { cost: PasswordCost; salt: Buffer; hash: Buffer } | undefined {
  const [name, logN, r, p, salt, hash] = stored.split('$')
  if (name !== 'scrypt' || !salt || !hash) return undefined
  return {
    cost: { logN: Number(logN), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  }
}

/** The same password typed on another keyboard may be other code points; NFKC makes them one. */
function derive(password: string, salt: Buffer, { logN, r, p }: PasswordCost): Promise<Buffer> {
  const options = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, hash) =>
      error ? reject(error) : resolve(hash),
    )
  })
}
