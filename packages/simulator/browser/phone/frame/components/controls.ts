/** A form control, as its form, its group and its label see it. */
export interface Control {
  name(): string
  value(): unknown
  reset(): void
  /** What a tap on the control's label does. */
  activate?(): void
  /** Whether a group gathers its value, so that a form does not. */
  inGroup?: boolean
}

const controls = new WeakMap<Element, Control>()

/** Makes an element known as a form control. */
export function addControl(element: Element, control: Control): void {
  controls.set(element, control)
}

/** The controls below an element, in document order. */
export function findControls(root: ParentNode): Control[] {
  return [...root.querySelectorAll('*')].flatMap((element) => controls.get(element) ?? [])
}

/** The control of one element. */
export function controlOf(element: Element | null): Control | undefined {
  return element === null ? undefined : controls.get(element)
}
