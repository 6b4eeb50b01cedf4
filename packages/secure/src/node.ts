/** The package's entry for Node: only these modules import `node:`. */
export * as KeyFile from "./node/KeyFile.ts"
export * as NodeCrypto from "./node/NodeCrypto.ts"
