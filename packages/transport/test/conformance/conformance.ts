/**
 * The one suite that every transport passes: real sockets over loopback, and hosts of a simulated network.
 *
 * A test states what a program above the seam may rely on. Where the two worlds differ it is time that differs, and
 * `World` says how it passes.
 */
import { describe } from "@effect/vitest"
import { addresses } from "./Addresses.ts"
import { backing } from "./Backing.ts"
import { closing } from "./Closing.ts"
import { datagrams } from "./Datagrams.ts"
import { dialing } from "./Dialing.ts"
import { faults } from "./Faults.ts"
import { flow } from "./Flow.ts"
import { handlers } from "./Handlers.ts"
import { exactLimits, limits } from "./Limits.ts"
import { requests } from "./Requests.ts"
import { type Setup, tests } from "./World.ts"

/** Defines the suite for one transport. */
export const conformance = (name: string, setup: Setup) => {
  const test = tests(setup)
  describe(name, () => {
    describe("addresses", () => addresses(test))
    describe("dialing", () => dialing(test))
    describe("closing", () => closing(test))
    describe("flow", () => flow(test))
    describe("limits", () => limits(test))
    describe("handlers", () => handlers(test))
    describe("requests", () => requests(test))
    describe("datagrams", () => datagrams(test))
    describe("backing", () => backing(test))
    if (!setup.simulated) return
    describe("limits to the millisecond", () => exactLimits(test))
    describe("faults", () => faults(test))
  })
}
