import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { ApiSecurity, PlatformKey } from '../model/api-security-keys.ts'
import type { App } from '../model/apps.ts'

/** Keys that someone may bring along; what is absent is made, what is empty counts as not configured. */
export interface SecurityInput {
  symmetricKey?: string | undefined
  symmetricSerial?: string | undefined
  appPublicKey?: string | undefined
  appKeySerial?: string | undefined
}

/** The keys as the console would hand them over. */
export interface SecurityKeys {
  appid: string
  symmetricKey: string
  symmetricSerial: string
  appPublicKey: string
  appKeySerial: string
  /** Only when the pair was made here, and only in this answer. */
  appPrivateKey?: string
  platform: Array<Pick<PlatformKey, 'serial' | 'publicKey' | 'certificate'>>
}

/** Switches API security on for an app, with new keys where none are given. */
export async function enableSecurity(app: App, input: SecurityInput): Promise<SecurityKeys> {
  const own = input.appPublicKey === undefined ? await makeKeyPair() : undefined
  const security: ApiSecurity = {
    symmetricKey: input.symmetricKey ?? randomBytes(32).toString('base64'),
    symmetricSerial: input.symmetricSerial ?? newSerial(),
    appPublicKey: input.appPublicKey ?? own?.publicKey ?? '',
    appKeySerial: input.appKeySerial ?? newSerial(),
    platform: [await makePlatformKey(app.appid)],
  }
  app.apiSecurity = security
  return { ...describeSecurity(app.appid, security), ...(own ? { appPrivateKey: own.privateKey } : {}) }
}

/** Begins a rollover: a new platform key signs, the one before signs along as deprecated. */
export async function rollPlatformKey(appid: string, security: ApiSecurity): Promise<SecurityKeys> {
  const fresh = await makePlatformKey(appid)
  security.platform = [fresh, ...security.platform.slice(0, 1)]
  return describeSecurity(appid, security)
}

/** Ends a rollover: only the newest platform key signs. */
export function finishRoll(appid: string, security: ApiSecurity): SecurityKeys {
  security.platform = security.platform.slice(0, 1)
  return describeSecurity(appid, security)
}

export function describeSecurity(appid: string, security: ApiSecurity): SecurityKeys {
  return {
    appid,
    symmetricKey: security.symmetricKey,
    symmetricSerial: security.symmetricSerial,
    appPublicKey: security.appPublicKey,
    appKeySerial: security.appKeySerial,
    platform: security.platform.map(({ privateKey: _, ...shown }) => shown),
  }
}

async function makePlatformKey(appid: string): Promise<PlatformKey> {
  const pair = await makeKeyPair()
  const { generate } = await import('selfsigned')
  const { cert } = await generate([{ name: 'commonName', value: appid }], {
    keyPair: pair,
    algorithm: 'sha256',
  })
  return { serial: newSerial(), ...pair, certificate: cert }
}

const generate = promisify(generateKeyPair)

function makeKeyPair(): Promise<{ publicKey: string; privateKey: string }> {
  return generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

/** The number the console prints, which is not the serial of the X.509 certificate. */
const newSerial = () => randomBytes(16).toString('hex')
