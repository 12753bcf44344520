/**
 * Lets the keyboard press what has the role of a button and is none: uni-app's H5 elements hear only taps. Does
 * nothing where there is no document.
 */
export function listenToKeyboard() {
  if (typeof document === 'undefined' || typeof document.addEventListener !== 'function') return
  document.addEventListener('keydown', (event) => {
    const { key, target, defaultPrevented } = event
    if (defaultPrevented || (key !== 'Enter' && key !== ' ')) return
    const isOurs = target instanceof HTMLElement && target.getAttribute('role') === 'button'
    // The browser presses its own buttons by itself.
    if (!isOurs || target.tagName === 'BUTTON' || target.tagName === 'A') return
    event.preventDefault()
    if (target.getAttribute('aria-disabled') !== 'true') target.click()
  })
}
