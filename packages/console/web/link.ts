/**
 * The connection to the console: typed calls over one WebSocket, made again each second where it broke. All use of
 * effect/rpc in the page is here.
 */
import { effect, signal } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Schedule from "effect/Schedule"
import * as Socket from "effect/socket/Socket"
import * as Stream from "effect/Stream"
import type { About } from "../src/api/About.ts"
import { Api } from "../src/api/Api.ts"
import { probe, redeem, storedKey, takeInvitation } from "./session.ts"

/**
 * How the page stands to the console. `Uninvited`: it was opened without a link. `Used`: its link was good once.
 * `Restarted`: another process answers. `Lost`: none does, for now. `Full`: too many other pages are open, for now.
 */
export type Connection = "Opening" | "Open" | "Lost" | "Full" | "Uninvited" | "Used" | "Restarted"

/** How the page stands to the console. */
export const connection = signal<Connection>("Opening")

/** The console that answers; kept while the connection is lost. */
export const about = signal<About | undefined>(undefined)

const client = RpcClient.make(Api)

/** All calls of a console. */
export type Calls = Effect.Success<typeof client>

/** Takes what a console tells, for as long as it does. */
export type Following = (calls: Calls, about: About) => Effect.Effect<void, unknown>

let calls: Calls | undefined

const socket = (key: string) =>
  Socket.layerWebSocket(`${location.origin.replace("http", "ws")}/rpc`, { protocols: ["peerage", key] }).pipe(
    Layer.provide(Socket.layerWebSocketConstructorGlobal)
  )

/** The calls over a connection of its own. When it breaks all calls fail, and no other is made. */
const dial = (key: string) =>
  Layer.build(
    RpcClient.layerProtocolSocket({ pingInterval: "3 seconds", retryPolicy: Schedule.recurs(0) }).pipe(
      Layer.provide(socket(key)),
      Layer.provide(RpcSerialization.layerJson)
    )
  ).pipe(Effect.flatMap((context) => Effect.provideContext(client, context)))

/** One connection, from its beginning to its end. */
const attend = (key: string, follow: Following) =>
  Effect.gen(function*() {
    const made = yield* dial(key)
    about.value = yield* made.About()
    calls = made
    connection.value = "Open"
    yield* follow(made, about.value)
  }).pipe(
    Effect.scoped,
    Effect.ensuring(Effect.sync(() => {
      calls = undefined
    })),
    Effect.ignoreCause
  )

/** Attends a console again and again, until it refuses the key. */
const persist = Effect.fnUntraced(function*(key: string, follow: Following) {
  while (true) {
    const verdict = yield* probe(key)
    if (verdict._tag === "Refused") return "Restarted" as const
    if (verdict._tag === "Admitted") yield* attend(key, follow)
    connection.value = verdict._tag === "Full" ? "Full" : "Lost"
    yield* Effect.sleep("1 second")
  }
})

/** The key that the link gives, or the one that the tab has. */
const admit = Effect.fnUntraced(function*() {
  const invitation = takeInvitation()
  const before = storedKey()
  if (invitation === undefined) return before
  const verdict = yield* redeem(invitation)
  return verdict._tag === "Admitted" ? verdict.key : before
})

/** Opens the link of the address bar, and follows the console for the life of the page. */
export const open = (follow: Following): void => {
  const invited = location.hash.length > 1
  const whole = admit().pipe(
    Effect.flatMap((key) =>
      key === undefined ? Effect.succeed(invited ? "Used" as const : "Uninvited" as const) : persist(key, follow)
    ),
    Effect.map((end) => {
      connection.value = end
    })
  )
  Effect.runFork(whole)
  // A new link that is opened in this tab changes no more than the fragment.
  addEventListener("hashchange", () => location.reload())
}

/** The values of signals, the latest only, as a stream. */
const changes = <A>(read: () => A): Stream.Stream<A> =>
  Stream.callback<A>((queue) =>
    Effect.acquireRelease(
      Effect.sync(() =>
        effect(() => {
          Queue.offerUnsafe(queue, read())
        })
      ),
      (dispose) => Effect.sync(dispose)
    ), { bufferSize: 1, strategy: "sliding" })

/**
 * Takes what a console tells of what somebody looks at, which is asked anew when that changes. Fails when it has no more to
 * tell: the peer has left, and only another one can answer.
 */
export const heed = <A, B, E>(
  read: () => A,
  ask: (looked: A) => Stream.Stream<B, E>,
  take: (told: B) => void
): Effect.Effect<void, E | "left"> =>
  changes(read).pipe(
    Stream.switchMap((looked) => Stream.concat(ask(looked), Stream.fail("left" as const))),
    Stream.runForEach((told) => Effect.sync(() => take(told)))
  )

/** How a call ended: with what was asked for, or with a sentence. */
export type Outcome<A> = { readonly _tag: "Done"; readonly value: A } | {
  readonly _tag: "Refused"
  readonly message: string
}

const refused = (message: string) => Effect.succeed({ _tag: "Refused", message } as const)
const unreachable = refused("The peer does not answer now. Ask again when the page says that it does.")

/** Makes a call over the connection that there is. Never rejects. */
export const call = <A>(
  use: (calls: Calls) => Effect.Effect<A, { readonly _tag: string; readonly message: string }>
): Promise<Outcome<A>> =>
  Effect.runPromise(
    calls === undefined ? unreachable : use(calls).pipe(
      Effect.map((value) => ({ _tag: "Done", value } as const)),
      Effect.catch(({ _tag, message }) => _tag === "Refused" ? refused(message) : unreachable),
      Effect.catchDefect(() => unreachable)
    )
  )
