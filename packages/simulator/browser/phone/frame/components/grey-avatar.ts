const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 132"><path fill="#d8d8d8" d="M0 0h132v132H0z"/><g fill="#fff"><circle cx="66" cy="52" r="24"/><path d="M22 120c0-26 20-40 44-40s44 14 44 40z"/></g></svg>`

/** The picture of a user of whom nothing is told. */
export const greyAvatar = `data:image/svg+xml,${encodeURIComponent(drawing)}`
