/** What is typed wrong, what is asked for with --help, and where values may come from. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { hosting, run, start } from "./Peerage.ts"

it.live("reports all mistakes at once, each with its argument, and exits with 2", () =>
  Effect.gen(function*() {
    const host = yield* run([
      "pyile",
      "host",
      "--listen",
      "everywhere",
      "--chat-port",
      "0",
      "--attempts",
      "no",
      "--ban-for",
      "soon",
      "--advertise",
      "me",
      "--log-level",
      "LOUD"
    ])
    assert.deepStrictEqual([host.code, host.stdout], [2, ""])
    for (
      const name of ["--listen", "--chat-port", "--attempts", "--ban-for", "--advertise", "--log-level", "password"]
    ) {
      assert.include(host.stderr, name)
    }
    assert.match(host.stderr, /See peerage pyile host --help\n$/)
    const join = yield* run(["pyile", "join"])
    assert.strictEqual(join.code, 2)
    assert.match(join.stderr, /HOST\[:PORT\] is missing/)
    assert.match(join.stderr, /a password is missing/)
  }))

for (
  const [args, said] of [
    [["pyile", "host", "--lisen", "x"], /no flag --lisen\. Did you mean --listen\?/],
    [["pyile", "hots"], /no command "hots"\. Did you mean host\?/],
    [["pyile", "host", "--listen"], /--listen needs a value/],
    [["pyile", "join", "a", "b", "--password", "x"], /nothing to do with "b"/],
    [["pyile"], /needs a command/],
    [["chat"], /LOCAL_ADDRESS is missing/],
    [["chat", "127.0.0.1:0", "127.0.0.1:1", "x"], /nothing to do with "x"/],
    [["--completions", "tcsh"], /completions/]
  ] as const
) {
  it.live(`exits with 2 at peerage ${args.join(" ")}`, () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* run(args)
      assert.strictEqual(code, 2)
      assert.match(stderr, said)
    }))
}

for (const args of [[], ["pyile"], ["pyile", "host"], ["pyile", "join"], ["chat"], ["demo"]]) {
  it.live(`shows an example in peerage ${args.join(" ")} --help`, () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run([...args, "--help"])
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.match(stdout, /EXAMPLES\n[^]*peerage/)
    }))
}

it.live("prints its version, and completions for three shells", () =>
  Effect.gen(function*() {
    assert.match((yield* run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/)
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, stdout } = yield* run(["--completions", shell])
      assert.strictEqual(code, 0)
      assert.include(stdout, "reconnect")
    }
  }))

it.live("takes the password from a file or the environment, and every flag from the environment", () =>
  Effect.gen(function*() {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "peerage-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true }))
    )
    const file = join(folder, "password")
    writeFileSync(file, "secret\r\nnot this\n")
    const host = yield* hosting()
    const env = { PEERAGE_JSON: "true", PEERAGE_ALIAS: "eve", PEERAGE_PASSWORD: "secret" }
    const one = yield* start(["pyile", "join", host.address], { env })
    yield* one.tells("Connected", { peer: host.address })
    const two = yield* start(["pyile", "join", host.address, "--json"], { env: { PEERAGE_PASSWORD_FILE: file } })
    yield* two.tells("Connected")
    const three = yield* start(["pyile", "join", host.address, "--json", "--password-file", file], {
      env: { PEERAGE_PASSWORD: "another" }
    })
    yield* three.tells("Connected")
    yield* one.type("hi")
    yield* host.tells("Message", { alias: "eve" })
    const wrong = yield* run(["pyile", "host"], { env: { PEERAGE_LISTEN: "x", PEERAGE_PASSWORD: "x" } })
    assert.strictEqual(wrong.code, 2)
    assert.match(wrong.stderr, /PEERAGE_LISTEN takes/)
    const unread = yield* run(["pyile", "host", "--password-file", join(folder, "none")])
    assert.strictEqual(unread.code, 2)
    assert.match(unread.stderr, /--password-file: cannot read/)
  }))

it.live("speaks in plain lines where standard input is no terminal", () =>
  Effect.gen(function*() {
    const host = yield* start(["pyile", "host", "--listen", "127.0.0.1:0", "--password", "secret"])
    const [, address = ""] = yield* host.prints(/Listening at (\S+?)\. /)
    yield* host.prints(/peerage pyile join 127\.0\.0\.1:\d+\n/)
    yield* host.prints(/Nothing here is encrypted/)
    const member = yield* start(["pyile", "join", address, "--password", "secret", "--alias", "bob"])
    yield* member.prints(/1 other is here/)
    yield* member.type("hello\u001B[31m\u202E")
    yield* host.prints(/\d\d:\d\d:\d\d bob 127\.0\.0\.1:\d+: hello\uFFFD\[31m\uFFFD\n/)
    yield* host.type("exit")
    assert.strictEqual(yield* host.ends, 0)
    assert.notInclude(host.stdout(), "\u001B")
    assert.notInclude(host.stdout(), "secret")
  }))
