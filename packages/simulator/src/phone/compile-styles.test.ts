import { describe, expect, it } from 'vitest'
import { compileStyles } from './compile-styles.ts'
import { hostMark, scopeMark } from './style-marks.ts'

const compile = (text: string, others: Record<string, string> = {}) =>
  compileStyles({ ...others, 'pages/a/a': text }).sheets['pages/a/a']?.replaceAll(scopeMark, '~')

describe('compileStyles', () => {
  it('turns rpx into a share of the frame, also in calc, custom properties and negative values', () => {
    expect(compile('.a{width:750rpx;margin:-10.5rpx 2px;height:calc(100% - 75rpx);--gap:15rpx}')).toBe(
      '.~a{width:100vw;margin:-1.4vw 2px;height:calc(100% - 10vw);--gap:2vw}',
    )
  })

  it('renames tags to those that are drawn, and leaves keyframes alone', () => {
    expect(compile('page,view>text.b,*{color:red}@keyframes k{from{left:0}to{left:75rpx}}')).toBe(
      'wx-page,wx-view>wx-text.~b,*{color:red}@keyframes k{from{left:0}to{left:10vw}}',
    )
  })

  it('marks the host', () => {
    expect(compile(':host{color:red}')).toBe(`[wx-host="${hostMark}"]{color:red}`)
  })

  it('puts imports in, relative and absolute, and survives a circle', () => {
    const others = { 'lib/x': '.x{top:0}', 'pages/a/y': '@import "a.wxss";.y{top:0}' }
    expect(compile('@import "/lib/x.wxss";@import "./y.wxss";.a{top:0}', others)).toBe(
      '.~x{top:0}.~y{top:0}.~a{top:0}',
    )
  })

  it('leaves an import of a missing sheet out', () => {
    expect(compile('@import "./none.wxss";.a{top:0}')).toBe('.~a{top:0}')
  })

  it('takes the theme out of the browser’s hands', () => {
    expect(compile('@media (prefers-color-scheme: dark){.a{top:0}}')).toContain('__HAOMA_DARK__')
    expect(compile('@media (prefers-color-scheme: light){.a{top:0}}')).toContain('__HAOMA_LIGHT__')
  })

  it('goes on after rules it cannot read', () => {
    expect(compile('.a{color:;;top:0} !bad{x:y} .b{color:blue}')).toContain('.~b{color:blue}')
  })
})
