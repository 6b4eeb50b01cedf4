/** Keys that are not one peer's alone, and how keys are shown to people. */
import { assert } from "@effect/vitest"
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
