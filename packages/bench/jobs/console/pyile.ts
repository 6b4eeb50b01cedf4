/** A Pyile host that hears chat, with as much of a console as it is told. */
import * as Panel from "@peerage/console/Pyile"
import { AuthPeer } from "@peerage/pyile"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Redacted, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { password } from "../pyile/Member.ts"
import { Tally } from "../Tally.ts"
import { attach } from "./Attach.ts"

effect(({ console }) =>
  Effect.gen(function*() {
    const host = yield* AuthPeer.make({ password: Redacted.make(password), listen: "127.0.0.1:0" })
    const tally = new Tally()
    yield* Effect.forkScoped(Stream.runForEachArray(host.events, (events) =>
      Effect.sync(() =>
        tally.add(events.filter(({ _tag }) => _tag === "Message").length)
      )))
    yield* attach(Panel.make(host), console)
    return {
      ready: { auth: host.address.port, chat: PeerAddress.toInet(host.self).port },
      round: ({ count = 0 }) =>
        Effect.promise(() => tally.more(count))
    }
  })
)
