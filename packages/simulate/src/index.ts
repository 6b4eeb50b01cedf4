export * as Disk from "./Disk.ts"
export * as Host from "./Host.ts"
export * as Simulation from "./Simulation.ts"
export * as Theatre from "./Theatre.ts"
