/** The ports that streams are dialed from. */
import { assert, describe, it } from "@effect/vitest"
import { Ports, withPort } from "../../src/session/Ports.ts"
import { at } from "../Peers.ts"

describe("ports of a session", () => {
  it("are the carrier's for the first stream, then others that are free, and again from the beginning", () => {
    const ports = new Ports()
    assert.deepStrictEqual([ports.take(40_000), ports.take(40_000), ports.take(40_000)], [40_000, 32_768, 32_769])
    ports.give(40_000)
    assert.strictEqual(ports.take(40_000), 40_000)
    // One of them, the carrier's, is taken.
    for (let port = 32_770; port < 60_998; port++) ports.give(ports.take(40_000))
    assert.strictEqual(ports.take(40_000), 60_999)
    assert.strictEqual(ports.take(40_000), 32_770)
  })

  it.each(["10.0.0.1:80", "[fd00::1]:80", "[fe80::1%4]:80"])("belong to the same host: %s", (address) => {
    assert.strictEqual(`${withPort(at(address), 4702)}`, address.replace(":80", ":4702"))
    assert.strictEqual(withPort(at(address), 80).port, 80)
  })
})
