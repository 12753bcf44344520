import { createButton } from './button.ts'
import { pageMeta, scrollView, swiper, swiperItem, text, view } from './containers.ts'
import type { Builtin } from './define.ts'
import { input, textarea } from './fields.ts'
import { formComponents } from './form.ts'
import { createImage, icon, progress } from './media.ts'
import { createNavigator } from './navigator.ts'
import { createPicker } from './picker.ts'
import { richText } from './rich-text.ts'
import type { Services } from './services.ts'

/** WeChat's components that the phone page plays, by tag. */
export function createBuiltins(services: Services): Record<string, Builtin> {
  return {
    ...formComponents,
    button: createButton(services),
    'cover-image': createImage(services),
    'cover-view': view,
    icon,
    image: createImage(services),
    input,
    navigator: createNavigator(services),
    'page-meta': pageMeta,
    picker: createPicker(services),
    progress,
    'rich-text': richText,
    'scroll-view': scrollView,
    swiper,
    'swiper-item': swiperItem,
    text,
    textarea,
    view,
  }
}
