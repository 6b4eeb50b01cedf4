/** What a peer says first can be typed as it stands. */
import { assert, it } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import { Endpoint } from "@peerage/transport"
import { Result } from "effect"
import { lines } from "../../src/chat/Welcome.ts"

const welcome = (address: string) =>
  lines("peerage", { self: PeerId.make(10n), address: Result.getOrThrow(Endpoint.address(address)) })

it("gives the command that joins it, to be typed elsewhere", () => {
  assert.strictEqual(welcome("192.0.2.1:5000")[0], "Listening at 192.0.2.1:5000 as 10. Join from another terminal:")
  assert.strictEqual(welcome("192.0.2.1:5000")[1], "  peerage chat 0.0.0.0:0 192.0.2.1:5000")
})

it("keeps to the loopback where it listens there", () => {
  assert.strictEqual(welcome("127.0.0.1:5000")[1], "  peerage chat 127.0.0.1:0 127.0.0.1:5000")
})

it("gives an address of this machine where it listens at all of them", () => {
  assert.match(welcome("0.0.0.0:5000")[1] ?? "", /^ {2}peerage chat 0\.0\.0\.0:0 (?!0\.0\.0\.0)[\d.]+:5000$/)
})
