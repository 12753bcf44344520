/** A job as operators see it. */
export interface JobRecord {
  name: string
  leaseOwner: string | null
  leaseUntilMs: number | null
  /** Counts the claims: whoever holds an older number has lost the job. */
  fence: number
  nextAtMs: number
  startedAtMs: number | null
  finishedAtMs: number | null
  runs: number
  /** Failures in a row; 0 after a run that ended well. */
  failures: number
  lastError: string | null
  lastErrorAtMs: number | null
  /** How far a job that takes several runs has come; its own words. */
  progress: string | null
}

export interface JobClaim {
  fence: number
  progress: string | null
}

export interface JobStore {
  /** Makes the rows of these jobs where they are missing, due at once. */
  ensure(names: readonly string[]): Promise<void>
  /**
   * Gives the job to the caller when it is due and nobody has it. Atomic: of any number of callers at once one gets
   * it. A lease that ran out is taken over. Times are the database's where it has a clock of its own.
   *
   * @param request.evenIfNotDue - Run now, whatever `nextAtMs` says; a living lease still keeps it.
   */
  claim(request: {
    name: string
    owner: string
    leaseMs: number
    nowMs: number
    evenIfNotDue?: boolean
  }): Promise<JobClaim | undefined>
  /** Prolongs the lease and may write the progress down. False when the job was lost to another. */
  renew(hold: {
    name: string
    fence: number
    leaseMs: number
    nowMs: number
    progress?: string | null
  }): Promise<boolean>
  /** Gives the job back and says when it is due again. Does nothing when it was lost to another. */
  finish(hold: {
    name: string
    fence: number
    nowMs: number
    nextInMs: number
    error: string | null
    progress?: string | null
  }): Promise<void>
  list(): Promise<JobRecord[]>
}
