/**
 * Resolves a path as mini programs do: `/x` from the root, anything else from the folder of `base`.
 *
 * @returns The path from the root, with no leading slash.
 */
export function resolvePath(path: string, base: string): string {
  const parts = path.startsWith('/') ? [] : base.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}
