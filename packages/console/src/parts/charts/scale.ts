/** A round number at or above the highest value, and the lines to draw below it. */
export function niceTicks(highest: number, wanted = 4): number[] {
  if (highest <= 0) return [0, 1]
  const rough = highest / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const count = Math.ceil(highest / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

/** So many of the indexes 0 … length − 1 that their words do not touch, the last one among them. */
export function spaced(length: number, most: number): Set<number> {
  const step = Math.max(1, Math.ceil(length / Math.max(1, most)))
  const chosen = new Set<number>()
  for (let index = length - 1; index >= 0; index -= step) chosen.add(index)
  return chosen
}
