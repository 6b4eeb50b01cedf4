/** Puts secured transports in the place of plain ones, whoever imports them, so that no test has to change. */
import { basename, join } from "node:path"
import type { Plugin } from "vitest/config"

const here = import.meta.dirname

/** The modules that make transports, and the one that knows their keys. */
const secured = new Map(
  ["../../transport/src/MemoryNetwork.ts", "../../transport/src/NodeTransport.ts", "../src/Known.ts"]
    .map((file) => [join(here, file), join(here, basename(file))])
)

export const plugin: Plugin = {
  name: "secured-transports",
  enforce: "pre",
  async resolveId(source, importer, options) {
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
    const instead = secured.get(resolved?.id ?? "")
    // What takes the place of a module is made of that module, which then has a name of its own.
    return importer === instead ? resolved && `${resolved.id}?plain` : instead
  }
}
