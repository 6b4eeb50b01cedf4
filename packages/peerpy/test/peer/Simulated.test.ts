import { describe } from "@effect/vitest"
import { connecting, discovering, sending } from "./Scenarios.ts"
import { simulated } from "./Worlds.ts"

describe("in a simulated network, a peer", () => {
  connecting(simulated)
  sending(simulated)
  discovering(simulated)
})
