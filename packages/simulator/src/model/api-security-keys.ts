/** The keys of one app's API security, as the WeChat console would list them. */
export interface ApiSecurity {
  /** 32 bytes, base64. */
  symmetricKey: string
  symmetricSerial: string
  /** The app's own public key, PEM; requests are verified with it. */
  appPublicKey: string
  appKeySerial: string
  /** The platform's keys, newest first. While certificates roll over there are two. */
  platform: PlatformKey[]
}

export interface PlatformKey {
  serial: string
  /** PKCS#8 PEM; answers are signed with it. */
  privateKey: string
  /** SPKI PEM, for those who verify answers. */
  publicKey: string
  /** X.509 PEM, as the console offers it for download; absent for keys that were given without one. */
  certificate?: string
}
