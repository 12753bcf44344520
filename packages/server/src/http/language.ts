export type Language = 'zh' | 'en'

/** The language that somebody names, if it is one of the two. */
export function languageOf(name: string | undefined): Language | undefined {
  return name === 'zh' || name === 'en' ? name : undefined
}

/** Picks Chinese or English from an `Accept-Language` header. Default is Chinese. */
export function pickLanguage(header: string | undefined): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const q = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
      return { language: tag.split('-')[0], q: q === undefined ? 1 : Number(q) }
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
  return wanted.find(({ language }) => language === 'zh' || language === 'en')?.language === 'en'
    ? 'en'
    : 'zh'
}
