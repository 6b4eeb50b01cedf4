/** A page in a browser for a running peer, or for a simulated network. */
export * as Api from "./api/Api.ts"
export * as Acts from "./api/Stage.ts"
export * as Console from "./Console.ts"
export * as Panel from "./Panel.ts"
export * as Stage from "./Stage.ts"
