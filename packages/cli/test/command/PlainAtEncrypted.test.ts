/** How plain commands with --reconnect fare at an encrypted peer: those that can know it end, and all say what to add. */
import { assert } from "@effect/vitest"
import { Simulation } from "@peerage/transport"
import { Effect } from "effect"
import { folder } from "../Folder.ts"
import { secret } from "../Output.ts"
import { here, passTime, start, tested } from "./InProcess.ts"

const { open } = here
const encrypted = ["--passphrase", secret]

for (
  const [what, room, command] of [
    ["chat", ["chat", "127.0.0.1:0"], ["chat", "127.0.0.1:0", "PEER"]],
    [
      "pyrate share",
      ["pyrate", "bootstrap", "--listen", "127.0.0.1:0"],
      ["pyrate", "share", "FOLDER", "--bootstrap", "PEER"]
    ]
  ] as const
) {
  tested(`${what} --reconnect ends, as another try cannot help`, function*() {
    const { address } = yield* open(...room, ...encrypted)
    const files = yield* folder()
    const words = command.map((word) => word.replace("PEER", address).replace("FOLDER", files))
    const running = yield* start([...words, "--reconnect"])
    const ended = yield* passTime(Effect.raceFirst(running.ends, Effect.as(Effect.sleep("1 minute"), "it goes on")))
    assert.strictEqual(ended, 3)
    assert.match(running.stderr(), /does so to a plain one: give its invitation .*, or add --secure\.\n$/)
  })
}

tested(
  "pyile join --reconnect says with each try what to add, as it cannot tell such a host from one that hangs",
  function*() {
    const { address } = yield* open("pyile", "host", "--listen", "127.0.0.1:0", ...encrypted)
    const waiting =
      `${address}: it says nothing. If it is encrypted, add --secure or give its invitation. Trying again in`
    const plain = yield* start(["pyile", "join", address, "--password", "x", "--reconnect"])
    yield* Simulation.elapse("20 seconds")
    assert.match(plain.stderr(), new RegExp(`^(${waiting} \\d+ s.\n){2,}$`))
  }
)
