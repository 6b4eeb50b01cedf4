import { describe } from "@effect/vitest"
import { connecting, discovering, sending } from "./Scenarios.ts"
import { onLoopback } from "./Worlds.ts"

describe("on this machine, a peer", () => {
  connecting(onLoopback)
  sending(onLoopback)
  discovering(onLoopback)
})
