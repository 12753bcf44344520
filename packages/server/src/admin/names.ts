/** The form in which names are stored and compared. */
export function plainName(username: string): string {
  return username.trim().normalize('NFKC').toLowerCase()
}
