/** The package's entry for platforms other than Node: nothing of `node:` is reached from here. */
export * as PortableCrypto from "./portable/PortableCrypto.ts"
