/** Numbers of streams: in order, once each, and not for ever. */
import { assert, describe, it } from "@effect/vitest"
import * as Frame from "../../src/session/Frame.ts"
import { StreamIds } from "../../src/session/StreamIds.ts"

describe("numbers of streams", () => {
  it("are given from 1 up to the greatest, and then there is none", () => {
    const ids = new StreamIds(3)
    const given: Array<number> = []
    while (ids.left) given.push(ids.next())
    assert.deepStrictEqual(given, [1, 2, 3])
    assert.deepStrictEqual([0, 1, 2, 3, 4].map((id) => ids.isKnown(id)), [true, true, true, true, false])
  })

  it("are taken in order, once each, up to the greatest", () => {
    const ids = new StreamIds(2)
    assert.deepStrictEqual([0, 2, 1, 1, 3, 2, 2, 3].map((id) => ids.take(id)), [
      false,
      false,
      true,
      false,
      false,
      true,
      false,
      false
    ])
    assert.isFalse(ids.left)
  })

  it("end where the codec has no greater one", () => {
    const frame = new Uint8Array(Frame.sizeOf(Frame.types.fin))
    const read = (id: number) => {
      Frame.write(frame, 0, Frame.types.fin, id, 0)
      const seen: Array<number> = []
      Frame.read(frame, { data: () => false, control: (_, stream) => seen.push(stream) > 0 })
      return seen
    }
    assert.deepStrictEqual(read(Frame.maxStream), [Frame.maxStream])
    assert.notDeepEqual(read(Frame.maxStream + 1), [Frame.maxStream + 1])
  })
})
