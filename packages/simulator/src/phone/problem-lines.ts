import type { Problem } from './project.ts'

const mostPlaces = 5

/**
 * The lines that tell of problems. Each error has its own; warnings of one kind share one, because a grown mini
 * program has dozens of them, and its own output comes after.
 */
export function problemLines(problems: readonly Problem[]): { level: Problem['level']; text: string }[] {
  const placesByKind = new Map<string, string[]>()
  for (const { level, message, ...at } of problems) {
    if (level !== 'warn') continue
    placesByKind.set(message, [...(placesByKind.get(message) ?? []), placeOf(at)])
  }
  return [
    ...problems
      .filter(({ level }) => level === 'error')
      .map(({ message, ...at }) => ({ level: 'error' as const, text: `${placeOf(at)} ${message}` })),
    ...[...placesByKind].map(([message, places]) => {
      const more = places.length > mostPlaces ? [`+${places.length - mostPlaces}`] : []
      return { level: 'warn' as const, text: [...places.slice(0, mostPlaces), ...more, message].join(' ') }
    }),
  ]
}

const placeOf = ({ file, line }: Pick<Problem, 'file' | 'line'>) =>
  line === undefined ? file : `${file}:${line}`
