/** The host of a board. It lives as long as its scope. */
import { Endpoint, Transport } from "@peerage/transport"
import { Events, Link, type Rejoining } from "@peerage/wire"
import { Effect, Schema, type Scope, Stream, SubscriptionRef } from "effect"
import { format, Post } from "./Messages.ts"
import type { BoardEvent, Peer } from "./Peer.ts"
import * as Session from "./Session.ts"

class NameTaken extends Schema.TaggedError<NameTaken>()("NameTaken", { name: Schema.String }) {}

const limits = { maxConnections: 100, keepAlive: "2 seconds" } as const

export const make = Effect.fn("Host.make")(function*(
  { listen, self }: { readonly self: string; readonly listen: string }
): Effect.fn.Return<Peer, Endpoint.NotIpv4 | Endpoint.ListenFailed, Transport.Transport | Scope.Scope> {
  const address = yield* Effect.fromResult(Endpoint.address(listen))
  const listener = yield* Endpoint.listen(yield* Transport.Transport, address, limits)
  const peers = yield* SubscriptionRef.make<ReadonlyArray<string>>([])
  const events = yield* Events.make<BoardEvent>({ buffer: 1000 })
  const status = yield* SubscriptionRef.make<Rejoining.Status>({ _tag: "Joined" })
  yield* Effect.addFinalizer(() => SubscriptionRef.set(status, { _tag: "Left", reason: "Left" }))

  const add = (name: string) =>
    SubscriptionRef.modify(
      peers,
      (now) => name === self || now.includes(name) ? [false, now] : [true, [...now, name]]
    )
  const remove = (name: string) =>
    Effect.andThen(
      SubscriptionRef.update(peers, (now) => now.filter((peer) => peer !== name)),
      events.publish([{ _tag: "Left", peer: name }])
    )
  /** Until the scope closes. Fails where the name is taken. */
  const enter = Effect.fnUntraced(function*(name: string) {
    const added = Effect.filterOrFail(add(name), Boolean, () => new NameTaken({ name }))
    yield* Effect.acquireRelease(added, () => remove(name))
    yield* events.publish([{ _tag: "Joined", peer: name }])
  })

  const lists = Stream.map(SubscriptionRef.changes(peers), (now) => ({ peers: [self, ...now] }))
  const posted = Stream.filter(events.stream, (event) => event._tag === "Posted")
  const session = Effect.fnUntraced(function*(link: Link.Link) {
    const name = yield* Session.respond(link)
    yield* enter(name)
    yield* Session.welcome(link, [self, ...(yield* SubscriptionRef.get(peers))])
    const publish = Stream.runForEachArray(
      Session.posts(link),
      (posts) => events.publish(posts.map(({ post }) => ({ _tag: "Posted", from: name, post })))
    )
    yield* Effect.raceFirst(publish, Session.tell(link, Stream.merge(lists, posted)))
  }, Effect.scoped)

  yield* Effect.forkScoped(Link.serve(listener, { format, coalesce: true }, session))
  return {
    self,
    address: listener.address,
    peers,
    events: events.stream,
    status,
    left: Effect.never,
    post: (text) =>
      Effect.andThen(
        Effect.fromResult(Link.encode(format, Post, { post: text })),
        events.publish([{ _tag: "Posted", from: self, post: text }])
      )
  }
})
