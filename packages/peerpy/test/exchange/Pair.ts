/** Both ends of one connection of a simulated network: one as a link, and the other in the hand of the test. */
import { Machines } from "@peerage/testing"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { ByteLink } from "@peerage/wire"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Raw } from "./Raw.ts"

export const { elapse, settle } = Simulation
export const { failsAfter, simulation: test } = Machines
export const inet = NetAddress.inetAddressFromStringUnsafe

/** Where the end in the hand of the test is, and where the other one is. */
export const rawIp = "10.0.0.66"
const ownIp = "10.0.0.1"

/** A fresh connection. */
export const pair = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(ownIp).listen(inet(`${ownIp}:0`))
  const raw = new Raw(yield* network.transport(rawIp).connect(listener.address))
  const link = yield* ByteLink.make(yield* Queue.take(listener.accepted))
  return { raw, link }
})

/** Chance, the same in every run: whole numbers below `bound`. */
export const dice = (seed: number) => {
  let state = seed + 1
  return (bound: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
    return ((state ^ (state >>> 13)) >>> 0) % bound
  }
}

/** Bytes cut into parts at random. */
export const cutBy = (
  roll: (bound: number) => number,
  whole: Uint8Array,
  longest: number
): ReadonlyArray<Uint8Array> => {
  const parts: Array<Uint8Array> = []
  for (let at = 0; at < whole.length;) {
    const length = 1 + roll(longest)
    parts.push(whole.subarray(at, at + length))
    at += length
  }
  return parts
}

/** Bytes that show where each of them belongs. */
export const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251)
