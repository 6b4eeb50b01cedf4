/** The package's entry for Node: only these modules import `node:`. */
export * as NodeTransport from "./NodeTransport.ts"
