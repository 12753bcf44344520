/** The token of a one-time link, from the address to the page that uses it; it is nowhere else. */
export const tokenOfLink = {
  value: '',
  /** Takes it from the part behind the #. */
  take(hash: string): boolean {
    const [, token] = /^#\/link\/([\w.~-]+)$/.exec(hash) ?? []
    if (!token) return false
    this.value = token
    return true
  },
}
