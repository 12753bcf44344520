import { startProcess } from './processes.mjs'

/** Starts a number of processes, in each of which one contender can be created and called. */
export async function openFleet(size) {
  const processes = await Promise.all(
    Array.from({ length: size }, () => startProcess('processes/caller.mjs')),
  )
  return { processes, close: () => Promise.all(processes.map((one) => one.stop())) }
}
