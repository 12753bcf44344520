import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

linkIntoApp('@haoma/uni', '../../packages/uni')

export default defineConfig({ plugins: [uni()] })

/**
 * uni-app names a mini program component's file after its path below the app, and npm workspaces keep their
 * packages above it. A link in the app's own node_modules makes the two meet.
 */
function linkIntoApp(name: string, folder: string) {
  const link = resolve(__dirname, 'node_modules', name)
  mkdirSync(dirname(link), { recursive: true })
  try {
    symlinkSync(resolve(__dirname, folder), link, 'junction')
  } catch (error) {
    if (!existsSync(link)) throw error
  }
}
