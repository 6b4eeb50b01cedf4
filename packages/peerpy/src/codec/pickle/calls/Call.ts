/** How calls of known names are taken apart. */
import type { Machine } from "../Machine.ts"
import type { Global, Item } from "../Part.ts"

/** Pushes what a call makes. */
export type Make = (machine: Machine) => void

/** What a call makes, or undefined when Python does not write a call with these arguments. Nothing is called. */
export type Call = (items: ReadonlyArray<Item>, global: Global) => Make | undefined
