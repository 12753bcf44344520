/** What came of a tap on a phone button. */
export const describe = (component, { code, errMsg }) =>
  code ? `${component} ok ${code.length}` : `${component} ${errMsg}`
