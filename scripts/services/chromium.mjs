import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { aptInstall, findBinary } from './find.mjs'

const shells = ['chromium-headless-shell', 'chrome-headless-shell']
const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * A Chromium for the tests: `CHROMIUM_PATH`, else one on the machine, installed if need be, with a Chinese font.
 * Best without the windows of a desktop, which a whole Chromium makes for every page, headless or not: the shell opens
 * a page in a third of the processor time.
 */
export async function chromium() {
  const binary = () => process.env.CHROMIUM_PATH ?? findBinary(shells) ?? findBinary(browsers)
  const hasChineseFont = () => spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).stdout?.trim()
  if (!process.env.CHROMIUM_PATH && !findBinary(shells) && isDebian()) aptInstall(['chromium-headless-shell'])
  if (!binary()) aptInstall(['chromium'])
  if (process.platform === 'linux' && !hasChineseFont()) aptInstall(['fonts-wqy-zenhei'])
  const path = binary()
  return path
    ? { path, stop: async () => {} }
    : { missing: 'no Chromium on this machine; set CHROMIUM_PATH or install it' }
}

/** Only Debian packages the shell; Ubuntu, which has the same tools, does not. */
function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
