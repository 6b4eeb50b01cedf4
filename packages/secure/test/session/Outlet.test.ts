/** What the sending side of a session hands to its carrier, and when. */
import { assert, describe, it } from "@effect/vitest"
import { NodeCrypto } from "@peerage/secure/node"
import type { Pipe } from "@peerage/transport"
import { Cipher } from "../../src/noise/Cipher.ts"
import { Outlet } from "../../src/session/Outlet.ts"
import * as Record from "../../src/session/Record.ts"
import { Rooms } from "../../src/session/Rooms.ts"
import { StreamSender } from "../../src/session/StreamSender.ts"
import { at } from "../Peers.ts"

/** An outlet with one stream that has credit for all, what its carrier was given, and what is to be done at the turn's end. */
const sending = () => {
  const writes: Array<Uint8Array> = []
  const tasks: Array<() => void> = []
  const carrier: Pipe.Pipe = {
    local: at("10.0.0.1:1"),
    remote: at("10.0.0.2:2"),
    identity: undefined,
    take: () => undefined,
    ended: () => undefined,
    broken: () => undefined,
    write: (chunks) => writes.push(...chunks) > 0,
    stalledFor: () => 0,
    end: () => {},
    close: () => {},
    closeAtOnce: () => {},
    reset: () => {},
    activeAt: () => 0,
    observe: () => {}
  }
  const cipher = new Cipher(NodeCrypto.primitives, new Uint8Array(32), { suite: "AESGCM" })
  const outlet = new Outlet(carrier, cipher, {
    atTurnsEnd: (run) => tasks.push(run),
    rooms: new Rooms(),
    maxControlBytes: 65_536
  })
  const none = () => {}
  const stream = new StreamSender({
    id: 1,
    outlet,
    sendBuffer: 65_536,
    now: () => 0,
    stalledFor: () => 0,
    finLeaves: none,
    drained: none
  })
  stream.credited(2 ** 20)
  return { outlet, stream, writes, endTurn: () => tasks.splice(0).forEach((run) => run()) }
}

/** The lengths of the records in what was written. */
const records = (written: Uint8Array | undefined) => {
  const lengths: Array<number> = []
  const reader = new Record.RecordReader(new Record.SpareBuffer(), Record.maxMessage)
  for (const bytes of [Record.magics.AESGCM, written ?? new Uint8Array()]) {
    reader.push(bytes)
    for (let next = reader.next(); next !== undefined; next = reader.next()) lengths.push(next.length)
  }
  return lengths
}

describe("an outlet", () => {
  it("sends a write of 64 KiB whole and at once, in four records", () => {
    const { endTurn, stream, writes } = sending()
    assert.isTrue(stream.write([new Uint8Array(65_536)]))
    assert.strictEqual(stream.queued, 0)
    assert.deepStrictEqual(writes.map(records), [Array.from({ length: 4 }, () => 16_384 + 7 + 16)])
    endTurn()
    assert.lengthOf(writes, 1)
  })

  it("leaves what does not fill another record for the end of the turn", () => {
    const { endTurn, stream, writes } = sending()
    stream.write([new Uint8Array(16_384 + 100)])
    assert.strictEqual(stream.queued, 100)
    endTurn()
    assert.deepStrictEqual(writes.map(records), [[16_384 + 7 + 16], [100 + 7 + 16]])
  })

  it("changes nothing that its carrier was given, however many short records leave", () => {
    const { endTurn, stream, writes } = sending()
    const given: Array<Uint8Array> = []
    for (let count = 0; count < 300; count++) {
      stream.write([new Uint8Array(1 + count * 3)])
      endTurn()
      given.push(...writes.slice(given.length).map((bytes) => bytes.slice()))
    }
    assert.lengthOf(writes, 300)
    assert.deepStrictEqual(writes, given)
  })
})
