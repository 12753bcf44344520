import { createHash } from 'node:crypto'
import type { Language } from '../../http/language.ts'

const texts = {
  zh: { lang: 'zh-CN', title: '号码接口', other: 'English', otherLanguage: 'en', otherLang: 'en' },
  en: { lang: 'en', title: 'Haoma API', other: '中文', otherLanguage: 'zh', otherLang: 'zh-CN' },
} as const satisfies Record<Language, Record<string, string>>

/** Reads its language from the page, so that one hash stands for it in both. Dark where the system is. */
const script = `const dark = matchMedia('(prefers-color-scheme: dark)')
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', follow)
follow()
SwaggerUIBundle({
  url: document.querySelector('link[rel=alternate]').getAttribute('href'),
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
})`
const scriptHash = createHash('sha256').update(script).digest('base64')

const style = `:root { color-scheme: light dark }
body { margin: 0; background: light-dark(#fff, #1c2022) }
nav { text-align: end; padding: 8px 20px; font: 14px system-ui, sans-serif }
nav a { color: light-dark(#0a58ca, #8ab4f8) }`

/** The page that shows the OpenAPI document in one language, in the light or dark of the system. */
export function docsPage(language: Language): string {
  const { lang, title, other, otherLanguage, otherLang } = texts[language]
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="alternate" type="application/json" href="openapi.json?language=${language}">
<link rel="stylesheet" href="docs/swagger-ui.css">
<style>${style}</style>
</head>
<body>
<nav><a href="docs?language=${otherLanguage}" lang="${otherLang}" hreflang="${otherLang}">${other}</a></nav>
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>${script}</script>
</body>
</html>
`
}

/** Swagger UI draws with inline styles and data images; of scripts only its own and the page's may run. */
export const docsContentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${scriptHash}'`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ')
