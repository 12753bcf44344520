/** A moment as `2026-01-02 03:04`. Not every client's JavaScript engine knows the formats of a locale. */
export function formatTime(time: string) {
  const at = new Date(time)
  const two = (part: number) => `${part}`.padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`
}
