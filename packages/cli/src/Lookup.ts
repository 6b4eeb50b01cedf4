/** Names of hosts, looked up as the system does: its hosts file first, then DNS. */
import { Effect, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { lookup } from "node:dns/promises"
import type { Endpoint } from "./Values.ts"

/** A name has no IPv4 address. */
export class NameNotFound extends Schema.TaggedError<NameNotFound>()("NameNotFound", { name: Schema.String }) {
  override get message() {
    return `No IPv4 address is known for the name ${this.name}. Check the name, or give the address.`
  }
}

/** The address of an endpoint, with a name looked up. */
export const addressOf = Effect.fnUntraced(function*({ host, port }: Endpoint, otherwise: number) {
  const literal = NetAddress.ipv4FromString(host)._tag === "Success"
  const found = Effect.tryPromise({
    try: () => lookup(host, { family: 4 }),
    catch: () => new NameNotFound({ name: host })
  })
  const address = literal ? host : (yield* found).address
  return `${address}:${port ?? otherwise}`
})
