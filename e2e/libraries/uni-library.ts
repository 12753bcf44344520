import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A component library for uni-app or Taro, as it comes from npm, and how a page in Vue uses it. */
export interface UniLibrary {
  /** Name of the folder of its pages. */
  name: string
  /** Where its components lie, one folder each, below the app. Without it, those with a sample are shown. */
  folder?: string
  /** What the tags begin with. */
  prefix: string
  /** Components that only work as part of another, or only where the reason says. */
  partsOf: Record<string, string>
  /** How a component is used, where an empty tag shows nothing of it. */
  samples: Record<string, string>
  /** A native library: where its components lie for the login page, in `usingComponents`. */
  usingComponents?: Record<string, string>
  /** Whether its first phone button is a plain one. */
  asksPrivacy?: boolean
  /** Template of the login page; `useButtons` says what it may use. */
  login: string
}

const perPage = 8

/** Every component that a library has, without its prefix. */
async function componentsOf(library: UniLibrary, app: string): Promise<string[]> {
  const { folder, prefix, samples, usingComponents } = library
  // A native library is looked at whole where it is used natively.
  if (usingComponents) return []
  if (folder === undefined) return Object.keys(samples)
  const names: string[] = []
  for (const entry of (await readdir(join(app, folder))).sort()) {
    if (!entry.startsWith(`${prefix}-`)) continue
    const files = await readdir(join(app, folder, entry))
    if (files.includes(`${entry}.vue`)) names.push(entry.slice(prefix.length + 1))
  }
  return names
}

/** Writes a login page and the pages that show every component once; gives what stands on which. */
export async function writePages(
  library: UniLibrary,
  app: string,
  { easycom }: { easycom: boolean },
): Promise<{ page: string; components: string[] }[]> {
  const { name, prefix, partsOf, samples } = library
  const shown = (await componentsOf(library, app)).filter((component) => partsOf[component] === undefined)
  const pages: { page: string; components: string[] }[] = []
  for (let at = 0; at < shown.length; at += perPage) {
    const components = shown.slice(at, at + perPage)
    const page = `pages/${name}-${at / perPage}/index`
    pages.push({ page, components })
    const tag = (component: string) =>
      samples[component] ?? `<${prefix}-${component}>${component}</${prefix}-${component}>`
    const body = components.map((component) => `<view class="name">${component}</view>\n${tag(component)}`)
    await write(join(app, 'src', `${page}.vue`), gallery(body.join('\n')))
  }
  await write(join(app, 'src', `pages/${name}/index.vue`), loginPage(library.login, easycom))
  return pages
}

async function write(path: string, text: string) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

const gallery = (body: string) => `<script setup>
import { ref } from 'vue'

const text = ref('')
const number = ref(1)
const yes = ref(true)
const list = ref([1])
const zero = ref(0)
const date = ref(Date.UTC(2024, 4, 1))
</script>

<template>
<view>
${body}
</view>
</template>
`

const loginPage = (body: string, easycom: boolean) => `<script setup>
${easycom ? '' : "import PhoneLoginButton from '@haoma/uni/phone-login-button.vue'\n"}import { useButtons } from '../../use-buttons.js'

const { name, tab, isOpen, popup, result, onQuick, onRealtime, onSuccess, onDenied } = useButtons()
</script>

<template>
<view>
${body}
<view class="form" id="result">{{ result }} {{ name }}</view>
</view>
</template>
`
