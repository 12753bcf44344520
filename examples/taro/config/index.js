export default {
  projectName: 'haoma-taro',
  date: '2026-11-26',
  designWidth: 375,
  deviceRatio: { 375: 2, 750: 1 },
  sourceRoot: 'src',
  outputRoot: 'dist',
  framework: 'vue3',
  compiler: { type: 'vite' },
  // @haoma/uni is written in pixels, as the rest of this example.
  mini: { postcss: { pxtransform: { enable: false } } },
}
