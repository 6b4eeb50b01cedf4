/** A p2p-chat peer in a real browser: its routes are drawn, and what is written to whom cannot be reached is kept. */
import { assert } from "@effect/vitest"
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import * as Chat from "../../src/panels/Chat.ts"
import { does, violations } from "../support/Browser.ts"
import { page as built } from "../support/Page.ts"
import { begin, host, look, networked } from "../support/Peers.ts"

const root = built()

const peer = (id: number, join?: number) =>
  begin(
    id,
    ChatPeer.make({
      listen: `${host(id)}:5000`,
      id: PeerId.make(BigInt(id)),
      join: join === undefined ? undefined : `${host(join)}:5000`
    })
  )

networked("draws the routes, and writes to somebody from them", function*() {
  const { service } = yield* peer(10)
  yield* peer(11, 10)
  const far = yield* peer(12, 11)
  const { page, problems } = yield* look(root, yield* Chat.make(service))
  yield* does(() => page.getByRole("button", { name: /12.* 2 hops/ }).waitFor())
  yield* does(() => page.getByRole("tab", { name: "Routes" }).click())
  yield* does(() => page.getByRole("button", { name: "10, this peer" }).waitFor())
  yield* does(() => page.getByRole("button", { name: "11, 1 hop away" }).waitFor())
  yield* does(() => page.getByRole("button", { name: "12, 2 hops away" }).click())
  yield* does(() => page.getByText("2 hops away, over 11").waitFor())
  yield* does(() => page.getByRole("button", { name: "Write to 12" }).click())
  yield* does(() => page.locator("#say").fill("hello over there"))
  yield* does(() => page.keyboard.press("Enter"))
  yield* does(() => page.getByText("On its way to 12.").waitFor())

  yield* far.leave
  yield* does(() => page.getByRole("button", { name: /12.*cannot be reached/ }).waitFor())
  yield* does(() => page.locator("#say").fill("are you there?"))
  yield* does(() => page.keyboard.press("Enter"))
  yield* does(() => page.getByText("12 cannot be reached now: kept until it can.").waitFor())
  yield* does(() => page.getByRole("row", { name: "12 1" }).waitFor())
  assert.deepStrictEqual([problems, yield* violations({ page, problems })], [[], []])
  yield* peer(12, 11)
  yield* does(() => page.getByText("No messages are kept").waitFor())
})

networked("opens the only conversation that there is", function*() {
  const { service } = yield* peer(10)
  yield* peer(11, 10)
  const { page } = yield* look(root, yield* Chat.make(service))
  yield* does(() => page.getByPlaceholder("Say something to 11").waitFor())
})

networked("shows what comes as it comes, with its sender", function*() {
  const { service } = yield* peer(10)
  const { service: other } = yield* peer(11, 10)
  yield* peer(12, 10)
  const { page } = yield* look(root, yield* Chat.make(service))
  yield* other.send(service.self, "<b>hello</b>\u202e")
  yield* does(() => page.getByRole("button", { name: /11.* 1 unread/ }).click())
  yield* does(() => page.getByRole("log").getByText("<b>hello</b>\uFFFD").waitFor())
  assert.strictEqual(yield* does(() => page.locator(".bubble b").count()), 0)
})
