/** The kinds of data that a connection carries, as HELLO and DATA name them (docs/wire/peerpy.md, section 3). */
import { Schema } from "effect"

/** `raw`: a Python pickle. `json`: JSON as Python writes it. `bytes`: as they are. */
export const DataType = Schema.Literals(["raw", "json", "bytes"])
export type DataType = typeof DataType.Type
