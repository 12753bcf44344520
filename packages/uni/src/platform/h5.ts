/**
 * Lets the keyboard press what has the role of a button and is none: uni-app's H5 elements hear only taps. Does
 * nothing where there is no document.
 */
export function listenToKeyboard() {
  if (isListening || typeof document === 'undefined' || typeof document.addEventListener !== 'function')
    return
  isListening = true
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

let isListening = false

/**
 * Names the fields of a form for screen readers. uni-app's H5 `input` keeps its attributes on an element around the
 * real one, which has neither name nor description.
 */
export function nameFields(root: unknown) {
  if (typeof HTMLElement === 'undefined' || !(root instanceof HTMLElement)) return
  for (const host of root.querySelectorAll<HTMLElement>('[data-label]')) {
    const field = host.querySelector('input') ?? host
    field.setAttribute('aria-label', host.dataset.label ?? '')
    field.setAttribute('aria-invalid', host.dataset.wrong ?? 'false')
    if (host.dataset.error) field.setAttribute('aria-describedby', host.dataset.error)
    if (host.dataset.autocomplete) field.setAttribute('autocomplete', host.dataset.autocomplete)
  }
}
