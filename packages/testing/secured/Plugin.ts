/** Puts secured transports in the place of plain ones, whoever imports them, so that no test has to change. */
import { join } from "node:path"
import type { Plugin } from "vitest/config"

const here = import.meta.dirname
const plain = join(here, "../../transport/src")

/** The modules that make transports. */
const secured = new Map(
  ["MemoryNetwork.ts", "NodeTransport.ts"].map((file) => [join(plain, file), join(here, file)])
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
