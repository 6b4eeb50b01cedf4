/** Frames, in both directions, and what is none. */
import { assert, describe, it } from "@effect/vitest"
import * as Frame from "../../src/session/Frame.ts"

const { types } = Frame

/** What a receiver that takes everything is told, and whether all was well. */
const read = (record: Uint8Array) => {
  const told: Array<ReadonlyArray<number | string>> = []
  const well = Frame.read(record, {
    data: (stream, bytes) => told.push([types.data, stream, Buffer.from(bytes).toString()]) > 0,
    control: (type, stream, value) => told.push([type, stream, value]) > 0
  })
  return { told, well }
}

const written = (type: Frame.Control, stream: number, value: number): Uint8Array => {
  const into = new Uint8Array(16)
  return into.slice(0, Frame.write(into, 0, type, stream, value))
}

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"))

const table: ReadonlyArray<readonly [type: Frame.Control, stream: number, value: number, bytes: string]> = [
  [types.open, 1, 4702, "01 00000001 125e"],
  [types.fin, 258, 0, "02 00000102"],
  [types.reset, 2 ** 32 - 1, 0, "03 ffffffff"],
  [types.stop, 7, 0, "04 00000007"],
  [types.window, 3, 2 ** 31, "05 00000003 80000000"],
  [types.close, 0, 0, "06 00000000 00"],
  [types.ping, 0, 0, "07 00000000"],
  [types.pong, 0, 0, "08 00000000"]
]

describe("a frame", () => {
  it.each(table)("of type %i for stream %i with %i is %s, and back", (type, stream, value, bytes) => {
    assert.deepStrictEqual(written(type, stream, value), hex(bytes))
    assert.deepStrictEqual(read(hex(bytes)), { told: [[type, stream, value]], well: true })
    assert.strictEqual(Frame.sizeOf(type), hex(bytes).length)
  })

  it("of data has its length in front", () => {
    const into = new Uint8Array(9)
    const body = Frame.writeDataHead(into, 0, 5, 2)
    into.set([104, 105], body)
    assert.deepStrictEqual(into, hex("00 00000005 0002 6869"))
    assert.deepStrictEqual(read(into), { told: [[types.data, 5, "hi"]], well: true })
  })

  it("comes in any number in a record", () => {
    const record = hex("01 00000001 1000  00 00000001 0002 6869  02 00000001  07 00000000")
    assert.deepStrictEqual(read(record), {
      told: [[types.open, 1, 4096], [types.data, 1, "hi"], [types.fin, 1, 0], [types.ping, 0, 0]],
      well: true
    })
  })

  it.each([
    ["an unknown type", "09 00000001"],
    ["a type of the admission", "10 01"],
    ["a stream that is none", "00 00000000 0000"],
    ["a stream where there is none", "07 00000001"],
    ["port 0", "01 00000001 0000"],
    ["another CLOSE", "06 00000000 01"],
    ["data across two records", "00 00000001 0003 6869"]
  ])("is not %s", (_, bytes) => {
    assert.deepStrictEqual(read(hex(bytes)), { told: [], well: false })
  })

  it.each(table)("of type %i is not cut anywhere", (_type, _stream, _value, bytes) => {
    for (let cut = 1; cut < hex(bytes).length; cut++) assert.isFalse(read(hex(bytes).subarray(0, cut)).well)
  })

  it("that its receiver refuses ends reading", () => {
    let frames = 0
    const well = Frame.read(hex("07 00000000 07 00000000 07 00000000"), {
      data: () => true,
      control: () => ++frames < 2
    })
    assert.deepStrictEqual([frames, well], [2, false])
  })
})
