import { darkMark, hostMark, lightMark, scopeMark } from '../../../src/phone/style-marks.ts'

/** The style sheets of the pages. Each page sees `app.wxss`, its own and its components', and no other's. */
export interface Styles {
  /** Collects what `appendSheet` is called for while the callback runs. */
  collect<T>(create: () => T): { result: T; sheets: HTMLStyleElement[] }
  /** Adds a sheet to the collection; `scope` is the component's class prefix, empty for none. */
  appendSheet(path: string, scope: string): void
  /** Switches to the sheets of the page that is shown. */
  use(sheets: HTMLStyleElement[]): void
  setTheme(theme: 'light' | 'dark'): void
}

const never = 'not all'
/** A media query's width that each, or no, frame reaches. */
const [always, unreachable] = ['0', '999999']

/** Keeps the style sheets of a mini program, given compiled with marks. */
export function createStyles(sources: Record<string, string>, theme: 'light' | 'dark'): Styles {
  let collected: HTMLStyleElement[] = []
  let current = theme
  const templates = new Map<HTMLStyleElement, string>()

  const fill = (text: string) =>
    text
      .replaceAll(darkMark, darkMark.replace('__HAOMA_DARK__', current === 'dark' ? always : unreachable))
      .replaceAll(lightMark, lightMark.replace('__HAOMA_LIGHT__', current === 'light' ? always : unreachable))

  return {
    collect(create) {
      const outer = collected
      collected = []
      const result = create()
      const sheets = collected
      collected = outer
      return { result, sheets }
    },
    appendSheet(path, scope) {
      const source = sources[path]
      if (source === undefined || source === '') return
      const text = source.replaceAll(scopeMark, scope === '' ? '' : `${scope}--`).replaceAll(hostMark, scope)
      const element = document.createElement('style')
      element.dataset.path = `${path}.wxss`
      element.media = never
      element.textContent = fill(text)
      document.head.append(element)
      templates.set(element, text)
      collected.push(element)
    },
    use(sheets) {
      for (const element of templates.keys()) {
        if (!element.isConnected) templates.delete(element)
        element.media = sheets.includes(element) ? '' : never
      }
    },
    setTheme(next) {
      current = next
      for (const [element, text] of templates) element.textContent = fill(text)
    },
  }
}
