/** The Node entry of the package: what needs `node:` is only here. */
export * as NodeTransport from "./NodeTransport.ts"
