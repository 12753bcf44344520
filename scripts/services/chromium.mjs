import { spawnSync } from 'node:child_process'
import { aptInstall, findBinary } from './find.mjs'

/** A Chromium for the tests: `CHROMIUM_PATH`, else one on the machine, installed if need be, with a Chinese font. */
export async function chromium() {
  const binary = () =>
    process.env.CHROMIUM_PATH ??
    findBinary(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
  const hasChineseFont = () => spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).stdout?.trim()
  if (!binary()) aptInstall(['chromium'])
  if (process.platform === 'linux' && !hasChineseFont()) aptInstall(['fonts-wqy-zenhei'])
  const path = binary()
  return path
    ? { path, stop: async () => {} }
    : { missing: 'no Chromium on this machine; set CHROMIUM_PATH or install it' }
}
