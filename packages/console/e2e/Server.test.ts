/** Who is let in to a console, and what it tells: over real sockets, as an attacker on this machine or in a browser would come. */
import { assert, describe } from "@effect/vitest"
import { JoinPeer } from "@peerage/pyile"
import { Effect, Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { live, passphrase, scene } from "./support/Served.ts"
import { ask, call, dial, open, upgrade } from "./support/Wire.ts"

describe("a console lets nobody in but its own page", () => {
  live("by another name, from another page, or without the key", function*() {
    const { key, port } = yield* scene
    const own = { host: `127.0.0.1:${port}` }
    const status = (path: string, headers: Readonly<Record<string, string>>) =>
      Effect.map(ask(port, path, { headers }), ({ status }) => status)
    const calls = upgrade("peerage", key)
    const evil = "http://evil.com"
    const rebound = { host: `evil.com:${port}`, origin: `http://evil.com:${port}` }
    const expected: ReadonlyArray<readonly [status: number, path: string, headers: Readonly<Record<string, string>>]> =
      [
        [200, "/", own],
        [200, "/", { host: `localhost:${port}` }],
        [403, "/", { host: `127.evil.com:${port}` }],
        [403, "/", { host: "127.0.0.1" }],
        [403, "/", rebound],
        [403, "/", { ...own, origin: evil }],
        [101, "/rpc", { ...own, ...calls }],
        [101, "/rpc", { ...own, ...calls, origin: `http://127.0.0.1:${port}` }],
        [403, "/rpc", { ...own, ...calls, origin: evil }],
        [403, "/rpc", { ...own, ...calls, origin: "null" }],
        [403, "/rpc", { ...calls, ...rebound }],
        [403, "/rpc", { ...calls, host: `127.evil.com:${port}` }],
        [401, "/rpc", { ...own, ...upgrade() }],
        [401, "/rpc", { ...own, ...upgrade("peerage") }],
        [401, "/rpc", { ...own, ...upgrade("peerage", `${key.slice(1)}A`) }],
        [401, "/rpc", { ...own, ...upgrade(key) }],
        [401, "/rpc", { ...own, ...upgrade(), cookie: `key=${key}`, authorization: `Bearer ${key}` }],
        [405, "/rpc", own],
        [204, "/session", { ...own, authorization: `Bearer ${key}` }],
        [401, "/session", own]
      ]
    for (const [wanted, path, headers] of expected) {
      assert.strictEqual(yield* status(path, headers), wanted, `${path} ${JSON.stringify(headers)}`)
    }
  })

  live("at another address of this machine", function*() {
    const { port } = yield* scene
    assert.strictEqual(yield* dial("127.0.0.1", port), "open")
    for (const address of ["127.0.0.2", "::1"]) assert.notStrictEqual(yield* dial(address, port), "open")
  })

  live("with a link that was used, that is older than ten minutes, or that a newer one has replaced", function*() {
    const { exchange, invitation, invite, late, port } = yield* scene
    const used = yield* exchange(invitation)
    assert.strictEqual(used.status, 401)
    assert.match(used.text, /This link has been used.*Type \/console/)

    const replaced = yield* invite
    const newer = yield* invite
    assert.strictEqual((yield* exchange(replaced.invitation)).status, 401)
    late.millis = 599_000
    assert.strictEqual((yield* exchange(newer.invitation)).status, 200)

    const old = yield* invite
    late.millis += 600_000
    assert.strictEqual((yield* exchange(old.invitation)).status, 401)
    // By a form or a link of another page nothing is used up.
    const fresh = yield* invite
    const forged = { authorization: `Bearer ${fresh.invitation}`, origin: "http://evil.com" }
    assert.strictEqual((yield* ask(port, "/session", { method: "POST", headers: forged })).status, 403)
    assert.strictEqual((yield* ask(port, `/session?invitation=${fresh.invitation}`)).status, 401)
    assert.strictEqual((yield* exchange(fresh.invitation)).status, 200)
  })

  live("to files beside the page", function*() {
    const { port } = yield* scene
    const paths = [
      "/../secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e/secret.txt",
      "/%2e%2e%2fsecret.txt",
      "/..\\secret.txt",
      "/%5c..%5csecret.txt",
      "/assets/../../secret.txt",
      "//../secret.txt",
      "/./../secret.txt",
      "/%00/../secret.txt",
      "/index.html%00",
      "/%"
    ]
    for (const path of paths) {
      const { status, text } = yield* ask(port, path)
      assert.oneOf(status, [400, 404], path)
      assert.notInclude(text, "outside")
    }
    assert.strictEqual((yield* ask(port, "/index.html")).status, 200)
  })

  live("nine at a time: the ninth page is told so, until another is closed", function*() {
    const { key, port } = yield* scene
    const pages = yield* Effect.forEach(Array.from({ length: 8 }), () => open(port, key))
    const ninth = yield* ask(port, "/rpc", { headers: upgrade("peerage", key) })
    assert.deepStrictEqual([ninth.status, ninth.text], [
      503,
      "8 pages of this console are open already. Close one of them."
    ])
    const probe = ask(port, "/session", { headers: { authorization: `Bearer ${key}` } })
    assert.strictEqual((yield* probe).status, 503)
    yield* pages[0]?.close ?? Effect.void
    yield* Effect.repeat(probe, { until: ({ status }) => status === 204 })
    assert.strictEqual((yield* ask(port, "/rpc", { headers: upgrade("peerage", key) })).status, 101)
  })
})

describe("a page", () => {
  live("gets every answer with the headers that keep it apart, and no cookie", function*() {
    const { invitation, key, port } = yield* scene
    const asked = [
      ask(port, "/"),
      ask(port, "/nowhere.js"),
      ask(port, "/", { headers: { host: "evil.com" } }),
      ask(port, "/session", { method: "POST", headers: { authorization: `Bearer ${invitation}` } }),
      ask(port, "/session", { headers: { authorization: `Bearer ${key}` } })
    ]
    for (const { headers } of yield* Effect.all(asked)) {
      assert.include(headers["content-security-policy"], "default-src 'none'")
      assert.include(headers["content-security-policy"], "frame-ancestors 'none'")
      assert.strictEqual(headers["x-content-type-options"], "nosniff")
      assert.strictEqual(headers["referrer-policy"], "no-referrer")
      assert.strictEqual(headers["cross-origin-opener-policy"], "same-origin")
      assert.strictEqual(headers["cross-origin-resource-policy"], "same-origin")
      assert.isUndefined(headers["set-cookie"])
      assert.isUndefined(headers["access-control-allow-origin"])
    }
  })

  live("that sends more than a mebibyte at once, or nonsense, harms itself only", function*() {
    const { key, port } = yield* scene
    const [loud, odd, calm] = [yield* open(port, key), yield* open(port, key), yield* open(port, key)]
    loud.send(call(1, "History", { conversation: "x".repeat(1_048_577) }))
    assert.strictEqual(yield* loud.closed, 1009)
    odd.send("no json")
    odd.send(call(2, "Nothing"))
    odd.send(call(3, "Ask", { ability: 7 }))
    yield* odd.hears(/"requestId":"3"/)
    assert.notMatch(odd.received(), /\.ts:\d|node_modules|"stack"/)
    calm.send(call(1, "About"))
    yield* calm.hears(/"protocol":"Pyile"/)
  })

  live(
    "is told no secret: neither the passphrase nor a key nor an invitation, nor anything of this machine",
    function*() {
      const { invitation, invite, key, peer, port } = yield* scene
      const page = yield* open(port, key)
      page.send(call(1, "About"))
      page.send(call(2, "Watch", { conversation: "", hidden: false }))
      yield* page.hears(/"protocol":"Pyile"/)
      yield* page.hears(/"first":true/)
      const host = NetAddress.formatInet(peer.address)
      const member = yield* JoinPeer.make({ host, password: Redacted.make(passphrase), alias: "ann" })
      yield* member.broadcast("<b>hello</b>")
      yield* Effect.flip(JoinPeer.make({ host, password: Redacted.make("another passphrase") }))
      const unused = yield* invite
      page.send(call(3, "Ask", { ability: "broadcast", values: { text: "all of it" } }))
      page.send(call(4, "Ask", { ability: "kick", values: { target: member.self } }))
      page.send(call(5, "Ask", { ability: "ban", values: { network: "x" } }))
      // What was asked at once is done in any order.
      for (const seen of [/<b>hello<\/b>/, /all of it/, /WrongPassword/, /"ann"/, /Kicked/, /"requestId":"5"/]) {
        yield* page.hears(seen)
      }
      const told = page.received()
      for (const secret of [passphrase, "another passphrase", key, invitation, unused.invitation, process.cwd()]) {
        assert.notInclude(told, secret)
      }
      assert.notMatch(told, /node_modules|\.ts:\d|"stack"/)
    }
  )
})
