import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  nothing: {
    title: 'There is no such page',
    text: 'The address may not be whole, or your role may not see it.',
    home: 'To the overview',
  },
}
