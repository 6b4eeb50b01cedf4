/**
 * How commands with --reconnect begin where what listens there ends each connection before it answers, as a forwarded port
 * does whose program has not started yet.
 */
import { Effect, Exit, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { folder } from "../Folder.ts"
import { secret } from "../Output.ts"
import { passTime, start, tested, transport } from "./InProcess.ts"

const address = "127.0.0.1:4996"

/** Listens in vain, until the scope closes. */
const breaksOff = Effect.fnUntraced(function*(how: "end" | "reset") {
  const { backing } = yield* transport
  yield* backing.listen(NetAddress.inetAddressFromStringUnsafe(address), {}, (pipe) => {
    pipe[how]()
    return () => {}
  })
})

const encrypted = ["--passphrase", secret]

const commands = [
  ["pyile join", ["pyile", "host", "--listen", address], ["pyile", "join", address], ["--password", secret]],
  ["join", ["host", "--listen", address], ["join", address], encrypted],
  ["chat", ["chat", address], ["chat", "127.0.0.1:0", address], []],
  ["encrypted chat", ["chat", address], ["chat", "127.0.0.1:0", address], encrypted],
  [
    "pyrate share",
    ["pyrate", "bootstrap", "--listen", address],
    ["pyrate", "share", "FOLDER", "--bootstrap", address],
    []
  ],
  [
    "encrypted pyrate share",
    ["pyrate", "bootstrap", "--listen", address],
    ["pyrate", "share", "FOLDER", "--bootstrap", address],
    encrypted
  ]
] as const

for (const how of ["end", "reset"] as const) {
  for (const [what, room, joins, words] of commands) {
    // A bootstrap that has registered a peer says so with no more than the end of the connection.
    if (how === "end" && what === "pyrate share") continue
    tested(`${what} --reconnect goes on where its first tries come to the ${how} of the connection`, function*() {
      const before = yield* Scope.make()
      yield* Scope.provide(breaksOff(how), before)
      const files = yield* folder()
      const command = joins.map((word) => word.replace("FOLDER", files))
      const running = yield* start([...command, ...words, "--reconnect", "--json"])
      yield* passTime(running.prints(/("Retrying"[^]*){3}/))
      yield* Scope.close(before, Exit.void)
      yield* start([...room, ...words, "--json"])
      yield* passTime(running.tells("Connected"))
    })
  }
}
