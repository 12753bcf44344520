/** Reads a choice of the reader's. A browser that keeps nothing has none. */
export function stored(name: string): string | null {
  try {
    return localStorage.getItem(`haoma-console-${name}`)
  } catch {
    return null
  }
}

/** Keeps a choice of the reader's, if the browser keeps anything. */
export function store(name: string, value: string): void {
  try {
    localStorage.setItem(`haoma-console-${name}`, value)
  } catch {
    // It holds until the page is closed.
  }
}
