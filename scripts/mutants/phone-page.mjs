const phone = 'packages/simulator/src/phone'
const frame = 'packages/simulator/browser/phone/frame'
const kinds = ['packages/simulator/test/phone/kinds.test.ts']
const project = [`${phone}/project.test.ts`]

/** Faults of the phone page, each of which a test must catch. */
export const mutants = [
  {
    file: `${phone}/templates/wxs.ts`,
    find: "return name === 'constructor' ? (node.object as Node) : undefined",
    replace: 'return undefined',
    tests: kinds,
    why: 'arrays are no arrays to WXS: every class list of vant is empty',
  },
  {
    file: `${phone}/templates/compile-templates.ts`,
    find: 'for (const target of compiled.requires) addScript(scriptPath(target, path))\n  }\n  const addInline',
    replace: '}\n  const addInline',
    tests: kinds,
    why: 'a WXS module that requires another is not whole',
  },
  {
    file: `${phone}/templates/compile-templates.ts`,
    find: 'isError && code !== childrenNotAllowed',
    replace: 'isError',
    tests: project,
    why: 'a slot with content of its own costs its component',
  },
  {
    file: `${phone}/bundle.ts`,
    find: 'compileTemplates(project, reached)',
    replace: 'compileTemplates(project, Object.keys(project.templates))',
    tests: project,
    why: 'files that no page reaches flood the strip',
  },
  {
    file: `${frame}/wxs/runtime.ts`,
    find: String.raw`String(target).replace(/\.wxs$/, '')`,
    replace: 'String(target)',
    tests: kinds,
    why: 'require of a .wxs file finds nothing',
  },
  {
    file: `${frame}/lifetimes.ts`,
    find: "component.triggerLifetime('ready', [])",
    replace: 'void component',
    tests: kinds,
    why: 'ready, which uni-app makes of mounted, never runs',
  },
  {
    file: `${frame}/code-space.ts`,
    find: 'easel.globalOptions.writeFieldsToNode = false',
    replace: 'easel.globalOptions.writeFieldsToNode = true',
    tests: kinds,
    why: 'a property called dataset breaks the component',
  },
  {
    file: `${frame}/play-animation.ts`,
    find: 'style.transform = [...transform.values()]',
    replace: 'style.rotate = [...transform.values()]',
    tests: kinds,
    why: 'animations of createAnimation do not move',
  },
  {
    file: 'packages/simulator/browser/phone/chrome/phone.ts',
    find: 'Object.keys(settings.origins).length > 0 && !isAllowed(settings.origins)',
    replace: 'false',
    tests: kinds,
    why: 'a link redirects requests with stored tokens, unasked',
  },
  {
    file: 'packages/simulator/browser/phone/chrome/phone.ts',
    find: 'view.gone = true',
    replace: 'view.gone = false',
    tests: kinds,
    why: 'nothing says that the simulator has stopped',
  },
]
