/** What a running job is given. */
export interface JobContext {
  /** Fires when the process stops or the job was lost to another process; then nothing more may be written. */
  signal: AbortSignal
  /** What the last run saved, in the job's own words; `null` at first. */
  progress: string | null
  /** Writes the progress down and prolongs the lease: a run of hours survives a restart. */
  saveProgress(progress: string | null): Promise<void>
}

/** Something that is done again and again, by one process at a time. */
export interface Job {
  /** Unique, stable: it is the name of its lease. */
  name: string
  /** From the end of one run to the start of the next, in milliseconds. A tenth is added or taken at random. */
  everyMs: number
  /**
   * Does its work and may ask to be called again sooner. Throwing ends this run only; the next one comes after a pause
   * that doubles up to {@link everyMs} or ten minutes, whichever is longer.
   */
  run(context: JobContext): Promise<{ againInMs: number } | undefined>
}

/**
 * Works through rows such that one bad row costs that row only: the others are done, and the first error is thrown at
 * the end with the number of rows that failed.
 */
export async function forEachRow<T>(
  rows: readonly T[],
  signal: AbortSignal,
  work: (row: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (const row of rows) {
    if (signal.aborted) break
    try {
      await work(row)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} of ${rows.length} rows failed`, { cause: failures[0] })
  }
}
