import { listenerOf } from '../events.ts'
import { describeComponent } from './descriptor.ts'
import { getDate, getRegExp, wxsDate } from './library.ts'

/** What compiled templates and their scripts ask of the page under the name `$wxs`. */
export interface WxsRuntime {
  run(path: string, require: Load, exports: object, module: { exports: unknown }, body: Body): void
  constructorOf(value: unknown): unknown
  observer: unknown
  listener: unknown
}

type Load = (path: string) => unknown
type Body = (...values: unknown[]) => void

interface RuntimeOptions {
  console: unknown
  onError(error: unknown): void
}

/** WeChat's marks of where a function in a template comes from: a WXS module, inline or a file. */
const scriptPath = 1
const inlineScriptPath = 2

/**
 * Runs WXS modules and calls their functions for templates.
 *
 * A module that throws while it loads is reported and stays as far as it came; the page is drawn without it.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/reference/wxs/
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/view/interactive-animation.html
 */
export function createWxsRuntime({ console, onError }: RuntimeOptions): WxsRuntime {
  return {
    run(path, require, exports, module, body) {
      const load: Load = (target) => require(String(target).replace(/\.wxs$/, ''))
      try {
        // In the order of `wxsNames`; what is left out is undefined, as in WXS.
        body.call(undefined, load, exports, module, getDate, getRegExp, console, wxsDate)
      } catch (error) {
        onError(nameFile(error, path))
      }
    },
    constructorOf(value) {
      if (value === null || value === undefined) {
        throw new TypeError(`Cannot read property 'constructor' of ${value}`)
      }
      if (Object.hasOwn(Object(value), 'constructor')) return (value as { constructor: unknown }).constructor
      return Object.prototype.toString
        .call(value)
        .slice(8, -1)
        .replace(/^(Async|Generator)+Function$/, 'Function')
    },
    /** `change:prop`: the function gets what WeChat gives it. */
    observer(listener: unknown) {
      return (value: unknown, before: unknown, host: never, element: never) => {
        if (typeof listener !== 'function') return
        // The first value comes while the template is being built, and the function may ask for what is below it: on a
        // phone, the view tells it once the view stands.
        queueMicrotask(() => {
          try {
            listener(value, before, describeComponent(host), describeComponent(element))
          } catch (error) {
            onError(error)
          }
        })
      }
    },
    /** Every event of a template: one handled by WXS gets descriptors, one handled by the page does not. */
    listener(caller: Caller, event: object, listener: (...values: unknown[]) => unknown, from?: unknown[]) {
      if (from?.[0] !== scriptPath && from?.[0] !== inlineScriptPath) {
        // Logic runs in another thread on a phone: what it returns is not waited for.
        listener.call(caller, event)
        return undefined
      }
      const instance = describeComponent(listenerOf(event))
      return listener.call(
        undefined,
        Object.assign(event, { instance }),
        describeComponent(caller._$ as never),
      )
    },
  }
}

interface Caller {
  _$: unknown
}

function nameFile(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return new Error(`${path}: ${String(error)}`)
  error.message = `${path}: ${error.message}`
  return error
}
