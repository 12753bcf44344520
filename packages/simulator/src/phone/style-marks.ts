/** Stands before each class; the page puts in the component's scope, which only its JavaScript knows. */
export const scopeMark = '__HAOMA_SCOPE__'
/** Stands for the scope's name in `:host`. */
export const hostMark = '__HAOMA_HOST__'
/** Takes the place of `(prefers-color-scheme: dark)`: the phone's theme is not that of the browser. */
export const darkMark = '(min-width:__HAOMA_DARK__px)'
/** Takes the place of `(prefers-color-scheme: light)`. */
export const lightMark = '(min-width:__HAOMA_LIGHT__px)'
