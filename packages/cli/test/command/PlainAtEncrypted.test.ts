/**
 * How plain commands with --reconnect fare at an encrypted peer: it cannot be told from a peer that hangs, is full or is
 * about to start, so they go on, and say with each try what to add.
 */
import { folder } from "../Folder.ts"
import { secret } from "../Output.ts"
import { here, passTime, start, tested } from "./InProcess.ts"

const { open } = here
const encrypted = ["--passphrase", secret]

for (
  const [what, room, command, happens] of [
    ["chat", ["chat", "127.0.0.1:0"], ["chat", "127.0.0.1:0", "PEER"], "it broke off before it answered"],
    [
      "pyrate share",
      ["pyrate", "bootstrap", "--listen", "127.0.0.1:0"],
      ["pyrate", "share", "FOLDER", "--bootstrap", "PEER"],
      "it broke off before it answered"
    ],
    [
      "pyile join",
      ["pyile", "host", "--listen", "127.0.0.1:0"],
      ["pyile", "join", "PEER", "--password", "x"],
      "it says nothing"
    ]
  ] as const
) {
  tested(`${what} --reconnect says with each try what to add where ${happens}`, function*() {
    const { address } = yield* open(...room, ...encrypted)
    const files = yield* folder()
    const words = command.map((word) => word.replace("PEER", address).replace("FOLDER", files))
    const plain = yield* start([...words, "--reconnect"])
    const waiting = `${address}: ${happens}. If it is encrypted, add --secure or give its invitation. Trying again in`
    yield* passTime(plain.prints(new RegExp(`^(${waiting} \\d+ s.\n){2,}$`)))
  })
}
