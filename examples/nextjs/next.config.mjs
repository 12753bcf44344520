import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** @type {import('next').NextConfig} */
const config = {
  // The service has a database driver in it, which is loaded and not bundled.
  serverExternalPackages: ['@haoma/server'],
  // Only here, where the service is a neighbour: an application of yours has it in its own node_modules.
  turbopack: { root },
  outputFileTracingRoot: root,
}

export default config
