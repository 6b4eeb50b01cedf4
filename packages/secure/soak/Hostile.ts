/** What a hostile peer says: what it should, or something near it. */
import { memoryUsage } from "node:process"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Frame from "../src/session/Frame.ts"
import * as Speaker from "../test/Speaker.ts"

const { types } = Frame

/** Mulberry32: numbers from 0 up to `below`. */
export const dice = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = state + 0x6d2b79f5 | 0
    let mixed = Math.imul(state ^ state >>> 15, 1 | state)
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed
    return Math.floor(((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32 * below)
  }
}
export type Dice = ReturnType<typeof dice>

const controls = [types.open, types.fin, types.reset, types.stop, types.window, types.close, types.ping, types.pong]

/** Bytes of JavaScript that are in use. */
export const inUse = () => {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  const { arrayBuffers, heapUsed } = memoryUsage()
  return arrayBuffers + heapUsed
}

const numbers = [0, 1, 2, 3, 255, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]

/** The same, or something near it: another type, id, credit or length, bits flipped, cut, or nothing of the kind at all. */
export const hostile = (roll: Dice, frame: Uint8Array): Uint8Array => {
  const number = numbers[roll(numbers.length)] ?? 0
  switch (roll(6)) {
    case 0:
      return Speaker.frame(controls[roll(controls.length)] ?? types.open, number, numbers[roll(numbers.length)])
    case 1:
      return Speaker.data(number, new Uint8Array(roll(65_000)))
    case 2:
      return frame.with(roll(frame.length), roll(256))
    case 3:
      return frame.subarray(0, roll(frame.length))
    case 4:
      return Uint8Array.from({ length: roll(100) }, () => roll(256))
    default:
      return Uint8Array.of(...frame, ...frame.subarray(0, roll(frame.length + 1)))
  }
}

/** Something near any bytes: one changed, a bit flipped, cut, longer, said twice, or others altogether. */
export const mutated = (roll: Dice, bytes: Uint8Array): Uint8Array => {
  const at = roll(bytes.length)
  switch (roll(6)) {
    case 0:
      return bytes.with(at, roll(256))
    case 1:
      return bytes.with(at, (bytes[at] ?? 0) ^ 1 << roll(8))
    case 2:
      return bytes.subarray(0, at)
    case 3:
      return Uint8Array.of(...bytes, ...Uint8Array.from({ length: roll(600) }, () => roll(256)))
    case 4:
      return Uint8Array.of(...bytes, ...bytes)
    default:
      return Uint8Array.from({ length: roll(200) }, () => roll(256))
  }
}
