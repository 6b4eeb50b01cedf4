/** Connections to a host whose every byte the test sends. */
import { Stranger } from "@peerage/testing"
import { Effect } from "effect"
import { elapse, hostIp, settle } from "./Network.ts"

/** A connection of nobody in particular to a port of the host. */
export const stranger = (ip: string, port = 4702, to = hostIp) => Stranger.dial(ip, `${to}:${port}`)

/** A joiner in the hand of the test, step by step as far as `until`: what it gets then is the host's last message. */
export const scripted = Effect.fnUntraced(function*(ip: string, until: "Password" | "Address" | "List" | "Invitation") {
  const raw = yield* stranger(ip)
  const steps = { Password: 1, Address: 2, List: 3, Invitation: 4 }
  if (steps[until] >= 2) raw.write(`{"shadow": "sesame"}`)
  yield* settle
  if (steps[until] >= 3) raw.write(`{"peer_address": ["${ip}", 49317]}`)
  yield* settle
  if (steps[until] >= 4) yield* elapse(100)
  return raw
})

/** The port that a scripted joiner was invited to. */
export const distPortOf = (raw: Stranger): number => Number(/"dist_addr": \["[^"]*", (\d+)\]/.exec(raw.text)?.[1])
