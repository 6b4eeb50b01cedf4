/** What becomes of a folder while it is shared. */
import { assert } from "@effect/vitest"
import { Simulation } from "@peerage/transport"
import { realpathSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { here, start, tested } from "./InProcess.ts"

const { bootstrapping, sharing } = here

tested("looks at its folder again, and forgets a peer that is not heard of", function*() {
  const directory = yield* folder()
  const node = yield* bootstrapping("--expiry", "1s")
  const one = yield* sharing(node.address, directory, "--rescan", "50ms", "--workers", "1")
  writeFileSync(join(directory, "new.txt"), "new")
  yield* Simulation.elapse("50 millis")
  yield* one.tells("Shared", { files: ["new.txt"] })
  yield* Simulation.elapse("1 second")
  yield* node.tells("Left", { peer: one.address, reason: "Expired" })
})

tested("says once that its folder is gone, lists nothing of it, and shares it again when it is back", function*() {
  const directory = yield* folder({ "song.txt": "la la" })
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, directory, "--rescan", "1s")
  const place = realpathSync(directory)
  renameSync(place, `${place}.away`)
  for (let looks = 0; looks < 3; looks++) yield* Simulation.elapse("1 second")
  const problem = "there is no such file or directory"
  yield* one.tells("DirectoryLost", { directory: place, problem })
  yield* one.type("/files")
  yield* one.tells("Shared", { files: [] })
  renameSync(`${place}.away`, place)
  yield* Simulation.elapse("1 second")
  yield* one.prints(/DirectoryLost[^]*"files":\["song\.txt"\]/)
  assert.strictEqual(one.events().filter(({ event }) => event === "DirectoryLost").length, 1)
})

tested("has what changed in its log, and not what somebody has asked for", function*() {
  const directory = yield* folder({ "song.txt": "la" })
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, directory)
  writeFileSync(join(directory, "new.txt"), "new")
  yield* one.type("/files", "/rescan", "/files")
  // At the beginning, three answers, and the change.
  yield* one.prints(/(?:"event":"Shared"[^]*){5}/)
  yield* one.type("/log")
  const { entries } = yield* one.tells("Log")
  assert.strictEqual(JSON.stringify(entries).split("Sharing 2 files now.").length, 2)
  assert.notInclude(JSON.stringify(entries), "Sharing 1 file now.")
})

tested("says how many entries of its folder are not shared, and in the log which and why", function*() {
  const node = yield* bootstrapping()
  const directory = yield* folder({ "song.txt": "la", "a:b": "la", "dot.": "la" })
  const one = yield* start(["pyrate", "share", directory, "--bootstrap", node.address])
  yield* one.prints(/Not shared: 2 others in it\. \/log says which, and why\.\n/)
  yield* one.type("/log")
  yield* one.prints(/a:b is not shared: its name has a colon, a slash or a backslash\n/)
  yield* one.prints(/dot\. is not shared: its name begins with a blank, or ends with a blank or a dot\n/)
  const two = yield* sharing(node.address, directory)
  yield* two.tells("LeftOut", { name: "a:b", reason: "Separator" })
})
