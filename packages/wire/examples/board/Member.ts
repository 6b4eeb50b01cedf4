/** A member of a board: joins its host, and joins again when told to. It lives as long as its scope. */
import { Endpoint, Transport } from "@peerage/transport"
import { Events, Link, Rejoining } from "@peerage/wire"
import { Effect, type Scope, Stream, SubscriptionRef } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import { format, type News } from "./Messages.ts"
import { type BoardEvent, changes, type Peer, type SessionError } from "./Peer.ts"
import * as Session from "./Session.ts"

export interface Options {
  readonly self: string
  readonly host: string | NetAddress.InetAddress
  /** When to join again after the session ended. Default: never. */
  readonly rejoin?: Rejoining.Rejoin<SessionError> | undefined
}

export const make = Effect.fn("Member.make")(function*(
  { host, rejoin, self }: Options
): Effect.fn.Return<Peer<SessionError>, SessionError | Endpoint.NotIpv4, Transport.Transport | Scope.Scope> {
  const transport = yield* Transport.Transport
  const address = yield* Effect.fromResult(Endpoint.address(host))
  const peers = yield* SubscriptionRef.make<ReadonlyArray<string>>([])
  const events = yield* Events.make<BoardEvent>({ buffer: 1000 })

  const list = Effect.fnUntraced(function*(all: ReadonlyArray<string>) {
    const others = all.filter((peer) => peer !== self)
    yield* events.publish(changes(yield* SubscriptionRef.getAndSet(peers, others), others))
  })
  const learn = (news: News) => "peers" in news ? list(news.peers) : events.publish([{ _tag: "Posted", ...news }])

  const join = Effect.gen(function*() {
    const link = yield* Link.dial(transport, address, { format, keepAlive: "2 seconds" })
    yield* list(yield* Session.initiate(link, self))
    return link
  })
  const { left, session, status } = yield* Rejoining.make<Link.Link, SessionError, string>({
    join: () => join,
    stay: (link) => Effect.andThen(Stream.runForEach(Session.news(link), learn), Effect.never),
    rejoin,
    mayRetry: () => true,
    lasting: "10 seconds",
    reasonOf: Endpoint.reasonOf,
    ended: () => list([]),
    failed: () => Effect.void
  })
  return {
    self,
    address,
    peers,
    events: events.stream,
    status,
    left,
    post: (text) => Effect.suspend(() => Session.post(session(), text))
  }
})
