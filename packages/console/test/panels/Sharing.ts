/** Networks of Pyrate for tests of panels: a bootstrap and peers, each on a machine of its own, with files that take no time. */
import type { NodeServices } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { BootstrapNode, FileName, FilePeer } from "@peerage/pyrate"
import { InstantFiles, Machines } from "@peerage/testing"
import { MemoryNetwork, PeerAddress } from "@peerage/transport"
import { Effect, FileSystem, Layer, Path, type Scope } from "effect"
import { settled } from "./Panels.ts"

const hub = "10.0.0.1"

type Needs = MemoryNetwork.MemoryNetwork | NodeServices.NodeServices | Scope.Scope

/** A test in a network of its own. */
export const shared = (name: string, body: () => Generator<Effect.Effect<unknown, unknown, Needs>, void, never>) =>
  it.effect(
    name,
    () => Effect.gen(body).pipe(Effect.scoped, Effect.provide(Layer.merge(MemoryNetwork.layer(), InstantFiles.layer)))
  )

/** Where the peer on a machine listens. */
export const at = (machine: number) => PeerAddress.at(`10.0.0.${machine}`, 5005)

/** The name of a file. */
export const name = (text: string) => FileName.FileName.make(text)

/** A bootstrap at the hub. */
export const bootstrap = Effect.fnUntraced(function*(config: BootstrapNode.BootstrapOptions["config"] = {}) {
  const { leave, service } = yield* Machines.inOwnScope(Machines.on(hub, BootstrapNode.make({ config })))
  return { ...service, leave }
})

/** A peer that shares files, by their names, and its folder. */
export const sharer = Effect.fnUntraced(function*(
  machine: number,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  config: FilePeer.FilePeerOptions["config"] = {}
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = yield* fs.makeTempDirectoryScoped()
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name)
    yield* typeof content === "string" ? fs.writeFileString(file, content) : fs.writeFile(file, content)
  }
  const making = Machines.on(
    `10.0.0.${machine}`,
    FilePeer.make({ bootstrap: hub, listen: at(machine), directory, config })
  )
  const { leave, service } = yield* Machines.inOwnScope(settled(making))
  return { ...service, leave, directory }
})
