import { defineConfig } from 'tsdown'

export default defineConfig({
  // How settings are read is also asked by `npm start`, before anything is started.
  entry: ['src/main.ts', 'src/environment.ts'],
  platform: 'node',
  target: 'node20',
  fixedExtension: false,
  dts: false,
  banner: '#!/usr/bin/env node',
})
