/** A PeerPy peer in a real browser: an offer is accepted in time, and data is shown by its kind. */
import { assert } from "@effect/vitest"
import { Peer } from "@peerage/peerpy"
import { Duration, Effect, Fiber } from "effect"
import * as PeerPy from "../../src/panels/PeerPy.ts"
import * as PendingOffers from "../../src/talk/PendingOffers.ts"
import { does, violations } from "../support/Browser.ts"
import { page as built } from "../support/Page.ts"
import { begin, host, look, networked } from "../support/Peers.ts"

const root = built()

const at = (machine: number) => `${host(machine)}:20000`

const peer = (machine: number, options: Partial<Peer.PeerOptions> = {}) =>
  Effect.map(begin(machine, Peer.make({ listen: at(machine), ...options })), ({ service }) => service)

const patient = { config: { timeout: Duration.minutes(1) } }

networked("accepts an offer and denies another, and says who is connected then", function*() {
  const offers = PendingOffers.make(() => Effect.void)
  const listener = yield* peer(1, { offer: offers.ask })
  const { page, problems } = yield* look(root, yield* PeerPy.make(listener, { offers }))
  const [wanted, unwanted] = [yield* peer(2, patient), yield* peer(3, patient)]
  const calling = yield* Effect.forkScoped(wanted.connect(at(1), { type: "json" }))
  const refused = yield* Effect.forkScoped(Effect.flip(unwanted.connect(at(1), { type: "bytes" })))
  yield* does(() => page.getByRole("tab", { name: "Who wants a connection" }).click())
  yield* does(() => page.getByRole("row", { name: /10\.0\.0\.2:20000 json/ }).waitFor())
  yield* does(() => page.getByRole("row", { name: /10\.0\.0\.3:20000 bytes/ }).waitFor())
  assert.deepStrictEqual(yield* violations({ page, problems }), [])
  yield* does(() => page.getByRole("button", { name: "Accept 10.0.0.2:20000" }).click())
  yield* does(() => page.getByRole("button", { name: "Deny 10.0.0.3:20000" }).click())
  yield* does(() => page.getByText("10.0.0.3:20000 was turned away.").waitFor())
  yield* Fiber.join(calling)
  assert.strictEqual((yield* Fiber.join(refused)).reason._tag, "Denied")
  yield* does(() => page.getByRole("button", { name: /10\.0\.0\.2:20000.*json.*strict.*opened by it/ }).waitFor())
  yield* does(() => page.getByText("Nobody waits for an answer.").waitFor())
  assert.deepStrictEqual(problems, [])
})

networked("connects, says bytes, and shows what comes by its kind", function*() {
  const listener = yield* peer(1)
  const other = yield* peer(2)
  const { page } = yield* look(root, yield* PeerPy.make(listener))
  yield* does(() => page.getByRole("button", { name: "Connect", exact: true }).click())
  const dialog = page.getByRole("dialog")
  yield* does(() => dialog.getByLabel("Address").fill("nowhere"))
  yield* does(() => dialog.getByLabel("For").selectOption("bytes"))
  yield* does(() => dialog.getByRole("button", { name: "Connect" }).click())
  yield* does(() => dialog.getByRole("alert").getByText("Connect to whom? This takes an IPv4 address").waitFor())
  yield* does(() => dialog.getByLabel("Address").fill(at(2)))
  yield* does(() => dialog.getByRole("button", { name: "Connect" }).click())
  yield* does(() => page.getByText("Connected to 10.0.0.2:20000 for bytes.").waitFor())
  yield* other.broadcast(Uint8Array.of(0, 255, 65, 66))
  yield* does(() => page.getByRole("button", { name: /10\.0\.0\.2:20000/ }).first().click())
  yield* does(() => page.getByRole("log").getByText("00 ff 41 42").waitFor())
  yield* does(() => page.locator("#say").fill("/hex 0"))
  yield* does(() => page.keyboard.press("Enter"))
  yield* does(() => page.getByText("Bytes are pairs of hexadecimal digits, such as /hex 00 ff, not").waitFor())
  yield* does(() => page.locator("#say").fill("/hex 01 02"))
  yield* does(() => page.keyboard.press("Enter"))
  yield* does(() => page.getByText("Written to 10.0.0.2:20000.").waitFor())
  yield* does(() => page.locator(".own").getByText("01 02").waitFor())
})
