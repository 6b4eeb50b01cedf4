/** `NodeTransport`, secured: what `npm run secured` puts in its place. */
import * as Transport from "@peerage/transport/Transport"
import { Effect, Layer } from "effect"
import * as Plain from "../../transport/src/NodeTransport.ts"
import * as Securing from "./Securing.ts"

export const layer: typeof Plain.layer = Layer.effect(
  Transport.Transport,
  Effect.flatMap(Plain.make, (raw) => Securing.over(raw, "this machine"))
)
