import { createButton } from './button.ts'
import { canvas } from './canvas.ts'
import { pageMeta, plain, scrollView, swiper, swiperItem, text, view } from './containers.ts'
import type { Builtin } from './define.ts'
import { input, textarea } from './fields.ts'
import { formComponents } from './form.ts'
import { createImage, icon, progress } from './media.ts'
import { movableView } from './movable.ts'
import { createNavigator } from './navigator.ts'
import { openData } from './open-data.ts'
import { matchMedia, pageContainer } from './overlays.ts'
import { createPicker } from './picker.ts'
import { pickerView, pickerViewColumn } from './picker-view.ts'
import { richText } from './rich-text.ts'
import type { Services } from './services.ts'

/** WeChat's components that the phone page plays, by tag. */
export function createBuiltins(services: Services): Record<string, Builtin> {
  return {
    ...formComponents,
    button: createButton(services),
    canvas,
    'cover-image': createImage(services),
    'cover-view': view,
    icon,
    image: createImage(services),
    input,
    'match-media': matchMedia,
    'movable-area': plain,
    'movable-view': movableView,
    navigator: createNavigator(services),
    'open-data': openData,
    'page-container': pageContainer,
    'page-meta': pageMeta,
    picker: createPicker(services),
    'picker-view': pickerView,
    'picker-view-column': pickerViewColumn,
    progress,
    'rich-text': richText,
    'root-portal': plain,
    'scroll-view': scrollView,
    'share-element': plain,
    span: plain,
    'sticky-header': plain,
    'sticky-section': plain,
    swiper,
    'swiper-item': swiperItem,
    text,
    textarea,
    view,
  }
}
