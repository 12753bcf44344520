import { describe, expect, it } from 'vitest'
import { decodeEnvFile, parseEnvFile } from './env-file.ts'

const text =
  'HAOMA_PORT=4001\r\n# 注释\r\nHAOMA_APPS=wx0123456789abcdef:0123456789abcdef0123456789abcdef:小店\r\n'
const utf16 = (bom: boolean) => Buffer.from((bom ? '\ufeff' : '') + text, 'utf16le')

describe('an .env file', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little end first', utf16(true)],
    ['UTF-16, little end first, without a mark', utf16(false)],
    ['UTF-16, big end first', utf16(true).swap16()],
    ['UTF-16, big end first, without a mark', utf16(false).swap16()],
  ])('is read as %s', (_name, bytes) => {
    expect(parseEnvFile(decodeEnvFile(bytes, '.env'), '.env')).toEqual({
      HAOMA_PORT: '4001',
      HAOMA_APPS: 'wx0123456789abcdef:0123456789abcdef0123456789abcdef:小店',
    })
  })

  it('may be empty', () => {
    expect(parseEnvFile(decodeEnvFile(Buffer.alloc(0), '.env'), '.env')).toEqual({})
  })

  it('that is no text is refused, not taken for an empty one', () => {
    expect(() => decodeEnvFile(Buffer.from([0x48, 0xc3, 0x28, 0xb0, 0xa1]), '.env')).toThrow(/另存为 UTF-8/)
  })

  it('names the lines that are no setting, and repeats nothing of them', () => {
    const read = () => parseEnvFile('HAOMA_PORT=1\nHAOMA_APPS＝wx1:secret\n\nHAOMA_DEMO_PORT：2\n', '.env')
    expect(read).toThrow(/第 2, 4 行[\s\S]*line 2, 4/)
    expect(read).not.toThrow(/secret/)
  })

  it('may export, quote and span lines as shells do', () => {
    expect(parseEnvFile('export A=1\nB="two\nlines"\nC=\'x\'', '.env')).toEqual({
      A: '1',
      B: 'two\nlines',
      C: 'x',
    })
  })
})
