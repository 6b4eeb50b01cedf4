/** Which requests a console at port 4780 takes for its own page's, and how it refuses the others. */
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import { type Asked, headers, judge } from "../src/Gate.ts"

const own = { host: "127.0.0.1:4780" }

type Row = readonly [name: string, asked: Partial<Asked>, verdict: string | number]

const table: ReadonlyArray<Row> = [
  ["the page, opened by hand", {}, "Page"],
  ["the page by the other name of this machine", { headers: { host: "localhost:4780" } }, "Page"],
  ["a file of the page", { url: "/assets/index.js?v=1" }, "Page"],
  ["whether a file is there", { method: "HEAD" }, "Page"],
  ["a request of the page itself", { headers: { ...own, origin: "http://127.0.0.1:4780" } }, "Page"],
  ["no host at all", { headers: {} }, 403],
  ["another port", { headers: { host: "127.0.0.1:4781" } }, 403],
  ["no port", { headers: { host: "127.0.0.1" } }, 403],
  ["a name that begins as this machine's address", { headers: { host: "127.evil.com:4780" } }, 403],
  ["a name behind this machine's address", { headers: { host: "127.0.0.1.evil.com:4780" } }, 403],
  ["a name that begins as this machine's name", { headers: { host: "localhost.evil.com:4780" } }, 403],
  ["a user before the host", { headers: { host: "127.0.0.1:4780@evil.com" } }, 403],
  ["the host twice", { headers: { host: "127.0.0.1:4780, evil.com" } }, 403],
  ["another way to write the address", { headers: { host: "2130706433:4780" } }, 403],
  ["IPv6's own address", { headers: { host: "[::1]:4780" } }, 403],
  [
    "a rebound name, whose page comes from there too",
    { headers: { host: "evil.com:4780", origin: "http://evil.com:4780" } },
    403
  ],
  ["a page from elsewhere", { headers: { ...own, origin: "http://evil.com" } }, 403],
  ["a page of another port here", { headers: { ...own, origin: "http://127.0.0.1:8080" } }, 403],
  ["a page over TLS", { headers: { ...own, origin: "https://127.0.0.1:4780" } }, 403],
  ["a page without an origin of its own", { headers: { ...own, origin: "null" } }, 403],
  ["a page of the other name", { headers: { ...own, origin: "http://localhost:4780" } }, 403],
  [
    "an invitation",
    { method: "POST", url: "/session", headers: { ...own, authorization: "Bearer abc" } },
    "Exchange abc"
  ],
  [
    "an invitation in another way",
    { method: "POST", url: "/session", headers: { ...own, authorization: "abc" } },
    "Exchange "
  ],
  ["no invitation", { method: "POST", url: "/session" }, "Exchange "],
  ["an invitation from a page elsewhere", {
    method: "POST",
    url: "/session",
    headers: { ...own, origin: "http://evil.com", authorization: "Bearer abc" }
  }, 403],
  ["a key", { url: "/session", headers: { ...own, authorization: "Bearer abc" } }, "Probe abc"],
  ["calls with a key", {
    url: "/rpc",
    headers: { ...own, upgrade: "websocket", "sec-websocket-protocol": "peerage, abc" }
  }, "Calls abc"],
  ["calls without a key", { url: "/rpc", headers: { ...own, upgrade: "websocket" } }, "Calls "],
  ["calls with a key in the address", { url: "/rpc?key=abc", headers: { ...own, upgrade: "websocket" } }, "Calls "],
  [
    "calls with a key in a cookie",
    { url: "/rpc", headers: { ...own, upgrade: "websocket", cookie: "key=abc" } },
    "Calls "
  ],
  ["calls from a page elsewhere", {
    url: "/rpc",
    headers: { ...own, upgrade: "websocket", origin: "http://evil.com", "sec-websocket-protocol": "peerage, abc" }
  }, 403],
  ["calls without a WebSocket", { url: "/rpc", headers: { ...own, "sec-websocket-protocol": "peerage, abc" } }, 405],
  ["calls by another method", { method: "POST", url: "/rpc", headers: { ...own, upgrade: "websocket" } }, 405],
  ["something to keep", { method: "PUT" }, 405],
  ["something to remove", { method: "DELETE", url: "/session" }, 405]
]

describe("the gate of a console", () => {
  it.each(table)("judges %s", (_, asked, verdict) => {
    const judged = judge(4780)({ method: "GET", url: "/", headers: own, ...asked })
    const told = Result.match(judged, {
      onFailure: ({ status }) => status,
      onSuccess: (admitted) => {
        const secret = "key" in admitted ? admitted.key : "invitation" in admitted ? admitted.invitation : undefined
        return secret === undefined ? admitted._tag : `${admitted._tag} ${Redacted.value(secret)}`
      }
    })
    assert.strictEqual(told, verdict)
  })

  it("knows the port that browsers leave out", () => {
    const at = (host: string) => Result.isSuccess(judge(80)({ method: "GET", url: "/", headers: { host } }))
    assert.deepStrictEqual([at("127.0.0.1"), at("localhost"), at("127.0.0.1:80"), at("evil.com")], [
      true,
      true,
      false,
      false
    ])
  })

  it("says where the console is to whoever came by another name", () => {
    const refused = judge(4780)({ method: "GET", url: "/", headers: { host: "evil.com" } })
    assert.deepStrictEqual(
      Result.match(refused, { onFailure: ({ sentence }) => sentence, onSuccess: () => "" }),
      "Open this console at http://127.0.0.1:4780/ only."
    )
  })

  it("lets a page load nothing from elsewhere, run nothing inline, and be framed by nobody", () => {
    const policy = headers["content-security-policy"]
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
      assert.include(policy, part)
    }
    assert.notMatch(policy, /unsafe|https?:|\*/)
  })
})
