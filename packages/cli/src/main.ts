/**
 * The start of the command. What Node has compiled is kept where only the user can put anything, so that a later start
 * takes a fifth less. It is not where there is no such folder, or with `NODE_DISABLE_COMPILE_CACHE=1`.
 */
import { enableCompileCache } from "node:module"
import { join } from "node:path"

const { HOME = "", XDG_CACHE_HOME = "" } = process.env
const caches = XDG_CACHE_HOME === "" && HOME !== "" ? join(HOME, ".cache") : XDG_CACHE_HOME
if (caches !== "") enableCompileCache(join(caches, "peerage"))
await import("./Start.ts")
