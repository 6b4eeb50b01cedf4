/** Whether faults come from outside of the program, and so belong in the score: playing it performs them again. */
import { Context } from "effect"

/** False for the faults that a program performs itself. */
export const Noted = Context.Reference<boolean>("@peerage/simulate/Noted", { defaultValue: () => false })
