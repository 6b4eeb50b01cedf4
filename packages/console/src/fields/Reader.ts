/** Reads what a person gives; the failure is what it should have been, as in "a port from 1 to 65535". */
import type { Result } from "effect"

/** Reads a text. Pure. */
export type Reader<A> = (text: string) => Result.Result<A, string>
