export { createSimulator, type Simulator, type SimulatorOptions } from './create-simulator.ts'
export { SimulatorError } from './errors.ts'
export type { Certificate } from './http/certificate.ts'
export type { Snapshot } from './model/snapshot.ts'
