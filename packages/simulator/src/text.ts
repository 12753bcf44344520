/** A text in the two languages that every text for people is written in. */
export interface Text {
  zh: string
  en: string
}

/** A text that takes values; filled where it is used. */
export const text = (zh: string, en: string): Text => ({ zh, en })
