import { join } from 'node:path'
import { root } from './paths.mjs'

/** A Vite plugin that puts the fault of `HAOMA_MUTANT` into the source while it is loaded; nothing without it. */
export function mutantPlugin() {
  const mutant = process.env.HAOMA_MUTANT ? JSON.parse(process.env.HAOMA_MUTANT) : undefined
  return {
    name: 'haoma-mutant',
    enforce: 'pre',
    transform: (code, id) => {
      if (!mutant || id.split('?')[0] !== join(root, mutant.file)) return undefined
      if (!code.includes(mutant.find))
        throw new Error(`${mutant.id}: the text to replace is not in ${mutant.file}`)
      return { code: code.replace(mutant.find, () => mutant.replace), map: null }
    },
  }
}
