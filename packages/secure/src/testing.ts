/** What tests and simulations replace. */
export * as SeededCrypto from "./testing/SeededCrypto.ts"
