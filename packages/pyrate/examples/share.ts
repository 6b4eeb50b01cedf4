import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { BootstrapNode, FileName, FilePeer } from "@peerage/pyrate"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, FileSystem, Stream } from "effect"

const program = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const [directory, inbox] = [yield* fs.makeTempDirectoryScoped(), yield* fs.makeTempDirectoryScoped()]
  yield* fs.writeFileString(`${directory}/song.txt`, "la la la")

  const node = yield* BootstrapNode.make({ listen: "127.0.0.1:0" })
  const bootstrap = node.address
  yield* FilePeer.make({ bootstrap, listen: "127.0.0.1:0", directory })
  const seeker = yield* FilePeer.make({ bootstrap, listen: "127.0.0.1:0", directory: inbox })

  const hits = yield* seeker.search(FileName.FileName.make("song.txt"))
  yield* Stream.runForEach(
    Stream.take(hits, 1),
    ({ name, peer }) =>
      Effect.flatMap(seeker.download(peer, name), ({ bytes }) => Console.log(`${name}: ${bytes} bytes`))
  )
})

program.pipe(Effect.scoped, Effect.provide([NodeTransport.layer, NodeServices.layer]), NodeRuntime.runMain)
