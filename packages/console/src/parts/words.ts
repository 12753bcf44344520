/** What stands between commas, spaces and line ends. */
export const words = (text: string): string[] => text.split(/[\s,，;；]+/).filter(Boolean)
