/** The version of this package, as its package.json says. */
import { Schema } from "effect"
import { createRequire } from "node:module"

const Manifest = Schema.Struct({ version: Schema.String })

/** As `0.1.0`. */
export const { version } = Schema.decodeUnknownSync(Manifest)(createRequire(import.meta.url)("../package.json"))
