/** Compares base-library versions such as `2.33.1`; a missing part counts as 0. */
export function isAtLeast(version: string, minimum: string): boolean {
  const parts = version.split('.').map(Number)
  const wanted = minimum.split('.').map(Number)
  for (let i = 0; i < wanted.length; i++) {
    const difference = (parts[i] ?? 0) - (wanted[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

/** What a client is taken for that does not say its version. */
export const CURRENT_BASE_LIBRARY = '3.8.0'
