/** Requests as no browser lets a page make them: any host, any origin, any path, over a socket of their own. */
import { Effect, type Scope } from "effect"
import { request } from "node:http"
import { connect } from "node:net"

/** What was answered. A WebSocket that was opened has the status 101, and is closed again. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly text: string
}

/** How to ask. */
export interface Asking {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** The headers of a WebSocket with these subprotocols. */
export const upgrade = (...protocols: ReadonlyArray<string>): Readonly<Record<string, string>> => ({
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  ...(protocols.length === 0 ? {} : { "sec-websocket-protocol": protocols.join(", ") })
})

/** Asks at a port of this machine, for a path as it is. */
export const ask = (
  port: number,
  path: string,
  { headers = {}, method = "GET" }: Asking = {}
): Effect.Effect<Answered> =>
  Effect.callback((resume) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = ""
      response.on("data", (chunk: Buffer) => text += chunk.toString())
      response.on("end", () =>
        resume(Effect.succeed({ status: response.statusCode ?? 0, headers: response.headers, text })))
    })
    asked.on("upgrade", (response, socket) => {
      socket.destroy()
      resume(Effect.succeed({ status: response.statusCode ?? 0, headers: response.headers, text: "" }))
    })
    asked.on("error", (error) =>
      resume(Effect.die(error)))
    asked.end()
  })

/** The errno with which a connection to an address fails; "open" where it does not. */
export const dial = (host: string, port: number): Effect.Effect<string> =>
  Effect.callback((resume) => {
    const socket = connect({ host, port }, () => {
      socket.destroy()
      resume(Effect.succeed("open"))
    })
    socket.on("error", (error: NodeJS.ErrnoException) => resume(Effect.succeed(error.code ?? error.message)))
  })

/** A page's WebSocket, and all that came over it. */
export interface Line {
  readonly received: () => string
  readonly send: (text: string) => void
  /** Waits until something came that matches. */
  readonly hears: (pattern: RegExp) => Effect.Effect<string>
  /** Waits for the end, and gives its code. */
  readonly closed: Effect.Effect<number>
  readonly close: Effect.Effect<void>
}

/** Opens a WebSocket for the scope's life. */
export const open = (port: number, key: string): Effect.Effect<Line, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<Line>((resume) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, ["peerage", key])
      let received = ""
      let code: number | undefined
      const waiting = new Set<() => void>()
      const wake = () => [...waiting].forEach((look) => look())
      const until = <A>(find: () => A | undefined) =>
        Effect.callback<A>((resume) => {
          const look = () => {
            const found = find()
            if (found === undefined) return
            waiting.delete(look)
            resume(Effect.succeed(found))
          }
          waiting.add(look)
          look()
        })
      socket.addEventListener("message", ({ data }) => {
        received += `${data}\n`
        // As the page's library does at once: only then more of a stream comes.
        const [, id] = /^\{"_tag":"Chunk","requestId":"(\d+)"/.exec(String(data)) ?? []
        if (id !== undefined) socket.send(JSON.stringify({ _tag: "Ack", requestId: id }))
        wake()
      })
      socket.addEventListener("close", (event) => {
        code = event.code
        wake()
      })
      socket.addEventListener("open", () =>
        resume(Effect.succeed({
          received: () => received,
          send: (text) => socket.send(text),
          hears: (pattern) => until(() => pattern.exec(received)?.[0]),
          closed: until(() => code),
          close: Effect.andThen(Effect.sync(() => socket.close()), Effect.asVoid(until(() => code)))
        })))
      socket.addEventListener("error", () => resume(Effect.die(new Error("the socket did not open"))))
    }),
    ({ close }) => close
  )

/** A call as the page's library writes it. */
export const call = (id: number, tag: string, payload: unknown = null): string =>
  JSON.stringify({ _tag: "Request", id: String(id), tag, payload, headers: [] })
