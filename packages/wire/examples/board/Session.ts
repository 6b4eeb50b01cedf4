/**
 * One connection, both roles.
 *
 *   joiner            host
 *     | -- Hello -----> |
 *     | <----- Peers -- |   or FIN, where the name is taken
 *     | -- Post ------> |   any number, in both directions
 *     | <------ News -- |
 */
import type { Link } from "@peerage/wire"
import { Effect, Stream } from "effect"
import { Hello, News, Peers, Post } from "./Messages.ts"

const patience = "4 seconds"

/** The joiner says its name. Succeeds with the names of all who are here. */
export const initiate = Effect.fn("Session.initiate")(function*(link: Link.Link, name: string) {
  yield* link.send(Hello, { hello: name }, patience)
  return (yield* link.receive(Peers, patience)).peers
})

/** The host learns the joiner's name. To let it in, the host answers with `welcome`. */
export const respond = (link: Link.Link) => Effect.map(link.receive(Hello, patience), ({ hello }) => hello)

export const welcome = (link: Link.Link, peers: ReadonlyArray<string>) => link.send(Peers, { peers }, patience)

/** The joiner posts. */
export const post = (link: Link.Link, text: string) => link.send(Post, { post: text }, patience)

/** What the joiner posts, for the host. Fails with how the connection ended. */
export const posts = (link: Link.Link) => Stream.fromPull(Effect.succeed(link.receiveAll(Post)))

/** The host tells the joiner the news. Fails when the joiner does not read. */
export const tell = (link: Link.Link, news: Stream.Stream<News>) =>
  Stream.runForEachArray(news, (batch) => link.sendAll(News, batch, patience))

/** The news, for the joiner. Fails with how the connection ended. */
export const news = (link: Link.Link) => Stream.fromPull(Effect.succeed(link.receiveAll(News)))
