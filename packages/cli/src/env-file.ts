import { parseEnv } from 'node:util'
import { Failure } from './failure.ts'

/**
 * Reads the text of an `.env` file, whatever an editor or a redirect made of it: UTF-8 with or without a byte-order
 * mark, and UTF-16 of either order, which is what `>` writes in PowerShell.
 *
 * @throws {Failure} When it is none of these: a file that cannot be read is not an empty file.
 */
export function decodeEnvFile(bytes: Uint8Array, path: string): string {
  const encoding = encodingOf(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Failure(
      [
        `${path} 不是 UTF-8 或 UTF-16 文本，请用编辑器另存为 UTF-8。`,
        `${path} is neither UTF-8 nor UTF-16 text. Save it as UTF-8 in your editor.`,
      ],
      { cause },
    )
  }
}

/** A byte-order mark says it; without one, the zero bytes of Latin letters in UTF-16 do. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first !== 0 && second === 0) return 'utf-16le'
  if (first === 0 && second !== 0 && second !== undefined) return 'utf-16be'
  return 'utf-8'
}

/**
 * Reads the settings of an `.env` file.
 *
 * @throws {Failure} Naming every line that is no setting; its value, which may be a secret, is not repeated.
 */
export function parseEnvFile(text: string, path: string): NodeJS.Dict<string> {
  const settings = parseEnv(text)
  const unread = text.split(/\r?\n/).flatMap((line, index) => {
    const content = line.trim()
    if (content === '' || content.startsWith('#')) return []
    const name = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=/.exec(content)?.[1]
    return name !== undefined && Object.hasOwn(settings, name) ? [] : [index + 1]
  })
  // Inside a value of several lines, a line is part of that value.
  const isMultiline = Object.values(settings).some((value) => value?.includes('\n'))
  if (unread.length > 0 && !isMultiline) {
    const lines = unread.join(', ')
    throw new Failure([
      `${path} 第 ${lines} 行不是“名称=值”（请检查全角符号“＝”、引号和空格）。`,
      `${path}, line ${lines}: not NAME=value (look for a full-width ＝, quotes and spaces).`,
    ])
  }
  return settings
}
