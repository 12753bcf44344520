/** What a view is to a screen reader, on mini programs; browsers read `role`. */
export function ariaRole(name: string): string | undefined {
  return process.env.UNI_PLATFORM?.startsWith('mp-') ? name : undefined
}
