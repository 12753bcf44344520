import { WECHAT_HOSTS } from './own-names.ts'

/** A certificate and its key, PEM. */
export interface Certificate {
  key: string
  cert: string
}

/**
 * Makes a certificate for loopback and WeChat's API hosts. Clients have to be told to trust it, e.g. with
 * `NODE_EXTRA_CA_CERTS`.
 */
export async function makeCertificate(): Promise<Certificate> {
  // Loaded here only: its crypto libraries would cost every plain start some hundred milliseconds.
  const { generate } = await import('selfsigned')
  const made = await generate([{ name: 'commonName', value: 'Haoma simulator' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...['localhost', ...WECHAT_HOSTS].map((value) => ({ type: 2 as const, value })),
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}
