import type { Bytes } from '../internal/bytes.ts'

const SEQUENCE = 0x30
const OCTET_STRING = 0x04
const EXPLICIT_VERSION = 0xa0

/** INTEGER 0, then the algorithm identifier of rsaEncryption: what PKCS#8 puts before a PKCS#1 key. */
const PKCS8_RSA_PREFIX = [0x02, 1, 0, 0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0]

interface Element {
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly end: number
}

/**
 * Finds the public key (SPKI) inside an X.509 certificate, for WebCrypto reads keys but no certificates.
 *
 * It walks the outermost fields of the certificate and interprets nothing: trust comes from the
 * certificate being configured, not from its chain.
 *
 * @throws RangeError when the bytes are not a certificate.
 */
export function spkiOfCertificate(der: Bytes): Bytes {
  const certificate = expect(SEQUENCE, readElement(der, 0))
  const body = expect(SEQUENCE, readElement(der, certificate.contentStart))
  const first = readElement(der, body.contentStart)
  let at = first.tag === EXPLICIT_VERSION ? first.end : first.start
  for (let skipped = 0; skipped < SKIPPED_FIELDS.length; skipped += 1) at = readElement(der, at).end
  const spki = expect(SEQUENCE, readElement(der, at))
  if (spki.end > body.end) throw new RangeError('truncated certificate')
  return der.slice(spki.start, spki.end)
}

const SKIPPED_FIELDS = ['serialNumber', 'signature', 'issuer', 'validity', 'subject']

/** Puts a PKCS#1 RSA private key into the PKCS#8 form that WebCrypto reads. */
export function pkcs8OfPkcs1(pkcs1: Bytes): Bytes {
  const key = encodeElement(OCTET_STRING, pkcs1)
  return encodeElement(SEQUENCE, new Uint8Array([...PKCS8_RSA_PREFIX, ...key]))
}

function readElement(der: Bytes, start: number): Element {
  const tag = byteAt(der, start)
  const first = byteAt(der, start + 1)
  let contentStart = start + 2
  let length = first
  if (first >= 0x80) {
    const lengthBytes = first & 0x7f
    if (lengthBytes === 0 || lengthBytes > 3) throw new RangeError('unsupported DER length')
    length = 0
    for (; contentStart < start + 2 + lengthBytes; contentStart += 1) {
      length = length * 256 + byteAt(der, contentStart)
    }
  }
  const end = contentStart + length
  if (end > der.length) throw new RangeError('truncated DER')
  return { tag, start, contentStart, end }
}

function expect(tag: number, element: Element): Element {
  if (element.tag !== tag) throw new RangeError('unexpected DER element')
  return element
}

function byteAt(der: Bytes, at: number): number {
  const byte = der[at]
  if (byte === undefined) throw new RangeError('truncated DER')
  return byte
}

function encodeElement(tag: number, content: Bytes): Bytes {
  const { length } = content
  const header = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return new Uint8Array([...header, ...content])
}
