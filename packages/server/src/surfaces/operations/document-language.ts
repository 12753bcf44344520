import type { Language } from '../../http/language.ts'
import { chineseTexts } from './document-texts.ts'

/** Between the Chinese and the English parts of a text of the OpenAPI document. */
const SEPARATOR = / · |\n\n/
const HAN = /\p{Script=Han}/u

/**
 * The document with each text in one language: where a summary or description has Chinese and English, the other one is
 * left out; one that is written in English only is looked up.
 */
export function inLanguage<T>(document: T, language: Language): T {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    (key === 'summary' || key === 'description') && typeof value === 'string'
      ? oneOf(value, language)
      : value,
  ) as T
}

function oneOf(text: string, language: Language): string {
  const parts = text.split(SEPARATOR)
  const wanted = parts.filter((part) => HAN.test(part) === (language === 'zh'))
  if (wanted.length > 0) return wanted.join('\n\n')
  return (language === 'zh' && chineseTexts[text]) || text
}
