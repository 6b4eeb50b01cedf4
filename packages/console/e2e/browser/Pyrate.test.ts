/** Pyrate in a real browser: a search with its hits, a download and an upload with their bars, and the list of a bootstrap. */
import { assert } from "@effect/vitest"
import { BootstrapNode, FileName, FilePeer } from "@peerage/pyrate"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, FileSystem, Path } from "effect"
import * as Bootstrap from "../../src/panels/Bootstrap.ts"
import * as Pyrate from "../../src/panels/Pyrate.ts"
import { does, violations } from "../support/Browser.ts"
import { page as built } from "../support/Page.ts"
import { begin, host, look, networked } from "../support/Peers.ts"

const root = built()

const bootstrap = begin(1, BootstrapNode.make({}))

/** A peer that shares files, by their names, and its folder. */
const sharer = Effect.fnUntraced(function*(machine: number, files: Readonly<Record<string, Uint8Array>> = {}) {
  const [fs, path] = [yield* FileSystem.FileSystem, yield* Path.Path]
  const directory = yield* fs.makeTempDirectoryScoped()
  for (const [name, content] of Object.entries(files)) yield* fs.writeFile(path.join(directory, name), content)
  const options = { bootstrap: host(1), listen: `${host(machine)}:5005`, directory }
  const { leave, service } = yield* begin(machine, FilePeer.make(options))
  return { ...service, leave, directory }
})

networked("searches, lists hits as they come, and fetches one with a bar, its rate and the time left", function*() {
  yield* bootstrap
  const content = new Uint8Array(2_000_000)
  yield* sharer(2, { "<img src=x>.bin": content, "song.txt": content })
  yield* sharer(3, { "song.txt": content })
  const peer = yield* sharer(4)
  const { page, problems } = yield* look(root, yield* Pyrate.make(peer))
  yield* does(() => page.getByRole("tab", { name: "Search" }).click())
  yield* does(() => page.getByRole("textbox", { name: "File" }).fill("a/b"))
  yield* does(() => page.keyboard.press("Enter"))
  yield* does(() => page.getByText("is no name of a file that can be shared").waitFor())
  yield* does(() => page.getByRole("textbox", { name: "File" }).fill("song.txt"))
  yield* does(() => page.keyboard.press("Enter"))
  yield* does(() => page.getByRole("row", { name: "song.txt 10.0.0.2:5005" }).waitFor())
  yield* does(() => page.getByRole("row", { name: "song.txt 10.0.0.3:5005" }).waitFor())
  yield* does(() => page.getByText("2 peers have song.txt.").waitFor())

  const network = yield* MemoryNetwork.MemoryNetwork
  yield* network.setLink(host(3), host(4), { bandwidth: 100_000 })
  const hit = page.getByRole("row", { name: "song.txt 10.0.0.3:5005" })
  yield* does(() => hit.getByRole("button", { name: /Download/ }).click())
  yield* does(() => page.getByRole("tab", { name: "Transfers" }).click())
  const transfer = page.locator(".transfer").filter({ hasText: "from 10.0.0.3:5005" })
  yield* does(() => transfer.getByText(/ of 2\.0 MB/).waitFor())
  yield* does(() => transfer.getByText(/kB\/s/).waitFor())
  yield* does(() => transfer.getByText(/ left$/).waitFor())
  assert.deepStrictEqual(yield* violations({ page, problems }), [])
  yield* network.setLink(host(3), host(4), { bandwidth: 100_000_000 })
  yield* does(() => transfer.getByText("2.0 MB: It is in the shared folder.").waitFor())
  const fs = yield* FileSystem.FileSystem
  assert.strictEqual((yield* fs.readFile(`${peer.directory}/song.txt`)).length, content.length)

  // And the other way.
  const other = yield* sharer(5)
  yield* network.setLink(host(4), host(5), { bandwidth: 100_000 })
  yield* Effect.forkScoped(other.download(peer.self, FileName.FileName.make("song.txt")))
  const upload = page.locator(".transfer").filter({ hasText: "to 10.0.0.5:" })
  yield* does(() => upload.getByText(/kB\/s/).waitFor())
  yield* network.setLink(host(4), host(5), { bandwidth: 100_000_000 })
  yield* does(() => upload.getByText("2.0 MB: All of it was sent.").waitFor())
  assert.deepStrictEqual(problems, [])
})

networked("lists the files of a peer, of which one has the name of a script", function*() {
  yield* bootstrap
  yield* sharer(2, { "<img src=x onerror=alert(1)>": new Uint8Array(3) })
  const { page, problems } = yield* look(root, yield* Pyrate.make(yield* sharer(4)))
  yield* does(() => page.locator(".row").filter({ hasText: "10.0.0.2:5005" }).hover())
  yield* does(() => page.getByRole("button", { name: "List files 10.0.0.2:5005" }).click())
  yield* does(() => page.getByRole("rowheader", { name: "<img src=x onerror=alert(1)>" }).waitFor())
  yield* does(() => page.getByRole("button", { name: "Download <img src=x onerror=alert(1)>" }).click())
  yield* does(() => page.getByRole("tab", { name: "Your files 1" }).click())
  yield* does(() => page.getByRole("rowheader", { name: "<img src=x onerror=alert(1)>" }).waitFor())
  assert.deepStrictEqual([problems, yield* does(() => page.locator("img").count())], [[], 0])
})

networked("shows who is registered with a bootstrap, and since when", function*() {
  const { service } = yield* bootstrap
  const { page, problems } = yield* look(root, Bootstrap.make(service))
  yield* does(() => page.getByText("Nobody else is here yet.").waitFor())
  const peer = yield* sharer(2)
  yield* does(() => page.getByRole("button", { name: /10\.0\.0\.2:5005.*answers/ }).waitFor())
  yield* does(() => page.getByText("1 registered peer", { exact: true }).waitFor())
  yield* peer.leave
  yield* does(() => page.getByText("Nobody else is here yet.").waitFor())
  assert.deepStrictEqual([problems, yield* violations({ page, problems })], [[], []])
})
