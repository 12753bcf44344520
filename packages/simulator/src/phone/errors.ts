/** Why a folder cannot be run on the phone page. */
export type PhoneProjectReason =
  | 'missing'
  | 'source'
  | 'not-compiled'
  | 'no-pages'
  | 'no-script'
  | 'no-page'
  | 'bad-json'

interface Facts {
  folder?: string
  file?: string
  detail?: string
}

interface Texts {
  zh: string
  en: string
}

const build = 'npm run build:mp-weixin'

const texts: Record<PhoneProjectReason, (facts: Facts) => Texts> = {
  missing: ({ folder }) => ({
    zh: `找不到文件夹 ${folder}。请先编译小程序（uni-app：${build}），再用 --miniprogram 指向编译产物，例如 dist/build/mp-weixin。`,
    en: `There is no folder ${folder}. Compile the mini program first (uni-app: ${build}), then point --miniprogram at the output, for example dist/build/mp-weixin.`,
  }),
  source: ({ folder }) => ({
    zh: `${folder} 是源码，不是编译产物。请运行 ${build}，再用 --miniprogram 指向 dist/build/mp-weixin。`,
    en: `${folder} holds the sources, not the compiled mini program. Run ${build} and point --miniprogram at dist/build/mp-weixin.`,
  }),
  'not-compiled': ({ folder }) => ({
    zh: `${folder} 里没有 app.json，不是编译后的小程序。请指向要上传到微信的那个文件夹（uni-app：dist/build/mp-weixin）。`,
    en: `${folder} has no app.json, so it is not a compiled mini program. Point at the folder you would upload to WeChat (uni-app: dist/build/mp-weixin).`,
  }),
  'no-pages': ({ folder }) => ({
    zh: `${folder}/app.json 没有列出任何页面（pages）。请检查编译是否成功。`,
    en: `${folder}/app.json lists no pages. Check that the build succeeded.`,
  }),
  'no-script': ({ folder, file }) => ({
    zh: `${folder} 里缺少 ${file}。请重新编译（uni-app：${build}）。`,
    en: `${folder} lacks ${file}. Build again (uni-app: ${build}).`,
  }),
  'no-page': ({ folder, file }) => ({
    zh: `app.json 列出的页面缺少文件 ${file}（${folder}）。请重新编译，或从 app.json 中删除该页面。`,
    en: `A page listed in app.json lacks its file ${file} (${folder}). Build again, or take the page out of app.json.`,
  }),
  'bad-json': ({ file, detail }) => ({
    zh: `${file} 不是有效的 JSON：${detail}`,
    en: `${file} is not valid JSON: ${detail}`,
  }),
}

/** A folder that cannot be run, with what to do about it in Chinese and English. */
export class PhoneProjectError extends Error {
  readonly reason: PhoneProjectReason
  readonly texts: Texts

  constructor(reason: PhoneProjectReason, facts: Facts) {
    const both = texts[reason](facts)
    super(`${both.en}\n${both.zh}`)
    this.name = 'PhoneProjectError'
    this.reason = reason
    this.texts = both
  }
}
