/** A Pyrate network of real processes, and the folders that they share. */
import { Effect, Schema } from "effect"
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { start } from "./Peerage.ts"

/** A folder with files in it, gone when the scope closes. */
export const folder = (files: Readonly<Record<string, string | Uint8Array>> = {}) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const path = mkdtempSync(join(tmpdir(), "peerage-"))
      for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
      return path
    }),
    (path) => Effect.sync(() => rmSync(path, { recursive: true }))
  )

/** SHA-256 of a file. */
export const hashOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex")

const decodeAddress = Schema.decodeUnknownEffect(Schema.Struct({ address: Schema.String }))

/** A bootstrap on a free port of the loopback or at `listen`, in JSON, with its address. */
export const bootstrapping = Effect.fnUntraced(function*(listen = "127.0.0.1:0", ...more: ReadonlyArray<string>) {
  const node = yield* start(["pyrate", "bootstrap", "--json", "--listen", listen, ...more])
  const { address } = yield* Effect.orDie(decodeAddress(yield* node.tells("Listening")))
  return { ...node, address }
})

/** A peer that shares a folder on a free port of the loopback, in JSON, with its address. */
export const sharing = Effect.fnUntraced(function*(
  bootstrap: string,
  directory: string,
  ...more: ReadonlyArray<string>
) {
  const peer = yield* start(["pyrate", "share", directory, "--json", "--bootstrap", bootstrap, ...more])
  const { address } = yield* Effect.orDie(decodeAddress(yield* peer.tells("Listening")))
  yield* peer.tells("Shared")
  return { ...peer, address, port: address.slice(address.lastIndexOf(":") + 1) }
})
