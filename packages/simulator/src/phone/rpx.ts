/** The frame is this many `rpx` wide, whatever its width in pixels. */
const rpxPerViewport = 750

/** Replaces each `rpx` length in a text that is not parsed further, such as a `style` attribute. */
export function convertRpx(text: string): string {
  return text.replace(/(-?\d*\.?\d+)rpx\b/gi, (_, number: string) => `${toViewportShare(Number(number))}vw`)
}

export function toViewportShare(rpx: number): string {
  return String(Number(((rpx * 100) / rpxPerViewport).toFixed(5)))
}
