/** The package's entry for Node: only these modules import `node:`. */
export * as NodeConsole from "./node/NodeConsole.ts"
