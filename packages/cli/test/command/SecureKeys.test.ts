/** Keys that are not one peer's alone, and how keys are shown to people. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { secret } from "../Output.ts"
import { here, passTime, start, tested } from "./InProcess.ts"

const { befriended, befriending } = here

tested("says at once, to the host and to both, that two members have one key", function*() {
  const file = join(yield* folder(), "one.key")
  const host = yield* befriending()
  const one = yield* befriended(host.invitation, "--identity", file)
  const two = yield* befriended(host.invitation, "--identity", file)
  const key = String((yield* host.tells("Joined", { peer: one.address }))["key"])
  yield* passTime(host.tells("SameKey", { peer: two.address, other: one.address, key }))
  yield* passTime(two.tells("SameKey", { peer: one.address, key }))
  yield* passTime(one.tells("SameKey", { peer: two.address, key }))
  const friend = yield* befriended(host.invitation)
  yield* passTime(two.tells("Joined", { peer: friend.address }))
  yield* friend.type("hello")
  yield* passTime(two.tells("Message", { data: "hello" }))
  for (const { events } of [host, one, two, friend]) {
    assert.isAtMost(events().filter(({ event }) => event === "SameKey").length, 1)
  }
  assert.notInclude(friend.stdout(), "SameKey")
})

tested("tells people what to do where two members have one key", function*() {
  const file = join(yield* folder(), "one.key")
  const plainly = ["--passphrase", secret]
  const host = yield* start(["host", "--listen", "127.0.0.1:0", ...plainly])
  const [, invitation = ""] = yield* host.prints(/(peerage:\S+)/)
  const one = yield* start(["join", invitation, "--identity", file, ...plainly])
  yield* passTime(one.prints(/Nobody|1 other/))
  const two = yield* start(["join", invitation, "--identity", file, ...plainly])
  yield* passTime(
    two.prints(/! 127\.0\.0\.1:\d+ has your own key, so the two of you cannot talk\. Start one of the two with another/)
  )
  yield* host.prints(
    /! 127\.0\.0\.1:\d+ has the key of 127\.0\.0\.1:\d+, so the two cannot talk to each other\. Ask one/
  )
})

const groups = "(?:[0-9a-f]{4}-){3}[0-9a-f]{4}"

/** A host and a member as people see them, with what people compare of the member's key, and its address. */
const friends = Effect.gen(function*() {
  const host = yield* start(["host", "--listen", "127.0.0.1:0", "--passphrase", secret])
  const [, invitation = ""] = yield* host.prints(/(peerage:\S+)/)
  const member = yield* start(["join", invitation, "--passphrase", secret])
  const [, address = ""] = yield* passTime(member.prints(/as (127\.0\.0\.1:\d+)\./))
  const [, key = ""] = yield* passTime(host.prints(new RegExp(`\\+ ${address} joined, with the key (${groups})\n`)))
  return { address, host, key, member }
})

tested("names a member with its key, and never by the port that it dialed from", function*() {
  const { host, key, member } = yield* friends
  assert.notInclude(host.stdout(), "has the key")
  // The host is the first in the member's list.
  yield* member.prints(new RegExp(`1 other is here:\n {2}\\S+ {2}${groups}\n`))
  assert.notInclude(member.stdout(), key)
})

tested("shows people keys in one form where they ban and kick, and takes it there as well as a key", function*() {
  const { host, key, member } = yield* friends
  yield* host.type(`/ban ${key.toUpperCase()} 10m`)
  yield* passTime(host.prints(new RegExp(`! the key ${key} is banned until `)))
  assert.strictEqual(yield* passTime(member.ends), 4)
  yield* host.type("/bans")
  yield* host.prints(new RegExp(`\nthe key ${key} until \\S+ \\S+ \\(banned`))
  yield* host.type(`/unban ${key}`)
  yield* host.prints(new RegExp(`the key ${key} may join again`))
  yield* host.type(`/unban ${key}`)
  yield* host.prints(new RegExp(`No key ${key} is here or banned\\. /peers and /bans show those that are\\.`))
  yield* host.type(`/unban ${"A".repeat(43)}`)
  yield* host.prints(new RegExp(`The key ${groups} is not banned\\. /bans shows who is\\.`))
  assert.notMatch(host.stdout().replace(/peerage:\S+/g, ""), /[\w-]{43}/)
})

tested("says that who may not join guesses the passphrase, before and after somebody did", function*() {
  const host = yield* start(["host", "--listen", "127.0.0.1:0", "--passphrase", secret])
  const [, invitation = ""] = yield* host.prints(/(peerage:\S+)/)
  yield* host.type("/limbo")
  yield* host.prints(/Nobody gave a wrong passphrase\./)
  assert.strictEqual(yield* passTime((yield* start(["join", invitation, "--passphrase", "guess"])).ends), 3)
  yield* host.type("/limbo")
  yield* host.prints(/127\.0\.0\.1: 1 wrong passphrase\n/)
})

tested("kicks by a key, by what people compare of it, and by an address", function*() {
  const { host, key, member } = yield* friends
  yield* host.type(`/kick ${"A".repeat(43)}`, `/kick ${key}`)
  yield* host.prints(/Nobody with the key A{43} is in this network\. \/peers shows who is\./)
  yield* passTime(host.prints(new RegExp(`! the key ${key} is banned until `)))
  assert.strictEqual(yield* passTime(member.ends), 4)
})

tested(
  "does not repeat what follows a command that takes a passphrase, nor one that is typed much like it",
  function*() {
    const host = yield* befriending()
    const member = yield* befriended(host.invitation)
    const typed = ["/rotat swordfish", "/rotatee swordfish", "/ROT swordfish", " /rtoate  sword fish"]
    yield* host.type(...typed, "/history swordfish other")
    for (const line of typed) {
      yield* host.tells("Failed", { command: line.trim().split(" ")[0], reason: "UnknownCommand" })
    }
    yield* host.tells("Failed", { command: "/history swordfish other", reason: "BadArgument" })
    yield* member.type("/rotate swordfish")
    yield* member.tells("Failed", { command: "/rotate", reason: "HostOnly" })
    assert.notInclude(host.stdout().replace("/history swordfish", ""), "sword")
    assert.notInclude(member.stdout(), "sword")
    const chat = yield* here.open("chat", "127.0.0.1:0", "--passphrase", secret)
    yield* chat.type("rotate swordfish")
    yield* chat.tells("Failed", { command: "rotate", reason: "BadArgument" })
  }
)
