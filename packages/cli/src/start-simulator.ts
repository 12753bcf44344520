import { readFile, writeFile } from 'node:fs/promises'
import { createSimulator, type Simulator, type SimulatorOptions, type Snapshot } from '@haoma/simulator'
import { Failure } from './failure.ts'

export interface SimulateArgs {
  port: number
  host?: string | undefined
  /** Names beside loopback's that it may be reached by, without ports. */
  allowHosts?: readonly string[] | undefined
  /** Lets pages of other origins use the control endpoints. */
  controlToken?: string | undefined
  /** Speaks HTTPS too, on this port. */
  httpsPort?: number | undefined
  /** File to start from, when it is there, and to save to at the end. */
  stateFile?: string | undefined
  miniprogram?: string | undefined
  seed?: string | undefined
}

/** Starts a simulator as the command line asks for it; its `close` saves the state file, if one was named. */
export async function startSimulator(
  args: SimulateArgs,
): Promise<{ simulator: Simulator; close(): Promise<void> }> {
  const { stateFile } = args
  const state = stateFile === undefined ? undefined : await readState(stateFile)
  const options: SimulatorOptions = {
    port: args.port,
    host: args.host,
    allowHosts: args.allowHosts,
    controlToken: args.controlToken,
    https: args.httpsPort !== undefined,
    httpsPort: args.httpsPort,
    seed: args.seed,
    miniprogram: args.miniprogram,
    state,
  }
  const simulator = await createSimulator(options)
  return {
    simulator,
    async close() {
      if (stateFile !== undefined)
        await writeFile(stateFile, `${JSON.stringify(simulator.control.snapshot(), null, 2)}\n`)
      await simulator.close()
    },
  }
}

async function readState(path: string): Promise<Partial<Snapshot> | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Partial<Snapshot>
  } catch (cause) {
    // A name that does not exist yet is where the state is to be saved.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Failure(
      [
        `无法读取状态文件 ${path}：它应是 JSON，可由 GET /_control/snapshot 得到。`,
        `The state file ${path} cannot be read: it has to be JSON, as GET /_control/snapshot gives it.`,
      ],
      { cause },
    )
  }
}
