import type { GeneralComponent } from 'glass-easel'
import type { CodeSpace } from 'glass-easel-miniprogram-adapter'
import { builtinBehaviors } from '../definition.ts'
import { addControl } from './controls.ts'

interface Field {
  _$: GeneralComponent
  data: { name?: unknown; value?: unknown }
  setData(values: object): void
}

/**
 * WeChat's own behaviors by name. A component with `wx://form-field` is a control of the form around it; the
 * others only say what a component is for, because here a form sees into components anyway.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/custom-component/behaviors.html
 */
export function createBuiltinBehaviors(space: CodeSpace): Record<string, unknown> {
  const define = (definition: object) =>
    space
      .behavior()
      .definition(definition as never)
      .register()
  const field = define({
    properties: { name: String, value: null },
    lifetimes: {
      attached(this: Field) {
        const element = this._$.$$ as unknown as HTMLElement | null
        if (!element) return
        const initial = this.data.value
        addControl(element, {
          name: () => String(this.data.name ?? ''),
          value: () => this.data.value,
          reset: () => this.setData({ value: initial }),
        })
      },
    },
  })
  return Object.fromEntries(
    builtinBehaviors.map((name) => [name, name === 'wx://form-field' ? field : define({})]),
  )
}
