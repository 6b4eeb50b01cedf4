/**
 * Who may speak to a console: its own page in a browser on this machine, with the key. The order counts: after a DNS rebinding
 * `Host` and `Origin` agree, and both are the attacker's. Pure.
 *
 * There is no cookie: a browser sends cookies to every port of this machine. With no authority that a browser adds by itself
 * there is nothing that a request forged by another page could use.
 */
import { Redacted, Result } from "effect"

/** A request, as far as the gate looks at it. */
export interface Asked {
  readonly method: string
  /** The path and the query. */
  readonly url: string
  readonly headers: { readonly [name: string]: string | undefined }
}

/** What is asked for, with the secret that came with it. */
export type Admitted =
  | { readonly _tag: "Page" }
  | { readonly _tag: "Exchange"; readonly invitation: Redacted.Redacted<string> }
  | { readonly _tag: "Probe" | "Calls"; readonly key: Redacted.Redacted<string> }

/** Why a request is refused: a status of HTTP, and a sentence. */
export interface Refusal {
  readonly status: 401 | 403 | 404 | 405 | 503
  readonly sentence: string
}

/** The names that a browser knows this machine by, at this port. */
const authorities = (port: number): ReadonlyArray<string> =>
  ["127.0.0.1", "localhost"].map((name) => port === 80 ? name : `${name}:${port}`)

const bearer = (headers: Asked["headers"]): Redacted.Redacted<string> =>
  Redacted.make(/^Bearer ([\w-]+)$/.exec(headers["authorization"] ?? "")?.[1] ?? "")

/** The second subprotocol: a page cannot send other headers with a WebSocket. */
const subprotocol = (headers: Asked["headers"]): Redacted.Redacted<string> =>
  Redacted.make((headers["sec-websocket-protocol"] ?? "").split(",")[1]?.trim() ?? "")

const refused = (status: Refusal["status"], sentence: string) => Result.fail<Refusal>({ status, sentence })

/** Decides about a request to the console at `port`. Secrets are not compared here. */
export const judge = (port: number) => ({ headers, method, url }: Asked): Result.Result<Admitted, Refusal> => {
  const host = headers["host"] ?? ""
  const [here] = authorities(port)
  if (!authorities(port).includes(host)) return refused(403, `Open this console at http://${here}/ only.`)
  const { origin = `http://${host}` } = headers
  if (origin !== `http://${host}`) return refused(403, "Another page has asked. Only the console's own page may.")
  const [path = ""] = url.split("?")
  if (path === "/rpc") {
    return method === "GET" && headers["upgrade"]?.toLowerCase() === "websocket"
      ? Result.succeed({ _tag: "Calls", key: subprotocol(headers) })
      : refused(405, "Only the console's page asks here, over a WebSocket.")
  }
  if (path === "/session" && method === "POST") {
    return Result.succeed({ _tag: "Exchange", invitation: bearer(headers) })
  }
  if (path === "/session" && method === "GET") return Result.succeed({ _tag: "Probe", key: bearer(headers) })
  return method === "GET" || method === "HEAD"
    ? Result.succeed({ _tag: "Page" })
    : refused(405, "A console is only read here.")
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
]

/** The headers of every answer: what a page may load and who may show it. */
export const headers = {
  "content-security-policy": policy.join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // A page that another process left at this port is not this one's.
  "cache-control": "no-cache"
} as const
