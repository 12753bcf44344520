/** What a pasted text may be, and the field of the search that takes it. */
export interface Recognised {
  kind:
    | 'supportCode'
    | 'requestId'
    | 'memberId'
    | 'rid'
    | 'openid'
    | 'codeHash'
    | 'masked'
    | 'e164'
    | 'outcome'
    | 'appid'
  value: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Digits of a number, with its country where it was written. Mainland China where it was not. */
function phoneOf(text: string): string | undefined {
  const digits = text.replace(/[\s()-]/g, '')
  if (/^\+\d{7,15}$/.test(digits)) return digits
  if (/^00[1-9]\d{6,14}$/.test(digits)) return `+${digits.slice(2)}`
  const [, chinese] = /^(?:86)?(1[3-9]\d{9})$/.exec(digits) ?? []
  return chinese && `+86${chinese}`
}

/**
 * Says what a pasted text may be, the likeliest first; nothing when it is none of what one can look for.
 * Letters are read as people type them: a support code may come with small letters, spaces, a dash, `O` for `0`.
 */
export function recognise(pasted: string): Recognised[] {
  const text = pasted.trim().replace(/^["'“”]+|["'“”]+$/g, '')
  if (uuid.test(text)) {
    const value = text.toLowerCase()
    return [
      { kind: 'requestId', value },
      { kind: 'memberId', value },
    ]
  }
  if (/^[0-9a-f]{64}$/i.test(text)) return [{ kind: 'codeHash', value: text.toLowerCase() }]
  if (/^wx[0-9a-f]{16}$/i.test(text)) return [{ kind: 'appid', value: text.toLowerCase() }]
  if (/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/i.test(text)) return [{ kind: 'rid', value: text }]
  if (/^\+?[\d\s-]*\d\*{2,}\d+$/.test(text)) return [{ kind: 'masked', value: text }]
  const phone = phoneOf(text)
  if (phone) return [{ kind: 'e164', value: phone }]
  if (/^o[\w-]{27}$/.test(text)) return [{ kind: 'openid', value: text }]
  const compact = text.toUpperCase().replace(/[\s-]/g, '')
  const code = compact.replace(/O/g, '0').replace(/[IL]/g, '1')
  if (/^[0-9A-HJKMNP-TV-Z]{8}$/.test(code)) return [{ kind: 'supportCode', value: code }]
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text)) return [{ kind: 'outcome', value: text }]
  return []
}
