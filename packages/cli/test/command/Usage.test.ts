/** What is typed wrong, what is asked for with --help, where values come from, and how commands end without any peer. */
import { assert } from "@effect/vitest"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { eventsIn as events } from "../Output.ts"
import { here, run, tested } from "./InProcess.ts"
import { mistakes } from "./Mistakes.ts"

const words = (args: string) => args === "" ? [] : args.split(" ")

for (const [args, said] of mistakes) {
  tested(`exits with 2 at peerage ${args}`, function*() {
    const { code, stderr, stdout } = yield* run(words(args))
    assert.strictEqual(code, 2)
    for (const mistake of said.split("|")) assert.include(stderr, mistake)
    // A group without a command shows its help.
    if (said === "needs a command") return assert.match(stdout, /SUBCOMMANDS/)
    assert.strictEqual(stdout, "")
    const command = words(args).slice(0, /^(chat|demo|simulate)/.test(args) ? 1 : 2).join(" ")
    if (!/^--|hots$|lisen$/.test(args)) assert.isTrue(stderr.endsWith(`See peerage ${command} --help\n`), stderr)
  })

  tested(`tells programs once what is wrong with peerage ${args}`, function*() {
    for (const [more, env] of [[["--json"], {}], [[], { PEERAGE_JSON: "yes" }]] as const) {
      const { code, stderr, stdout } = yield* run([...words(args), ...more], { env })
      const [failed] = events(stdout)
      assert.deepStrictEqual([code, events(stdout).length], [2, 1])
      assert.deepInclude(failed, { event: "Failed", reason: "BadUsage", message: stderr.trimEnd() })
      assert.include(stderr, `${failed?.["command"]}: `)
    }
  })
}

const groups = {
  pyile: ["host", "join"],
  peerpy: ["listen", "connect", "discover"],
  pyrate: ["bootstrap", "share", "list", "get", "search"]
}
const commands = Object.entries(groups).flatMap(([group, names]) => [group, ...names.map((name) => `${group} ${name}`)])

for (const args of ["", "demo", "simulate", "chat", ...commands]) {
  tested(`shows an example in peerage ${args} --help`, function*() {
    const { code, stderr, stdout } = yield* run([...words(args), "--help"])
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.match(stdout, new RegExp(`EXAMPLES\n[^]*peerage ${words(args)[0] ?? ""}`))
  })
}

for (
  const [args, usage] of [
    ["pyile join", "[flags] <HOST[:PORT]>"],
    ["chat", "[flags] <LOCAL_ADDRESS> [<PEER_ADDRESS>]"],
    ["peerpy connect", "[flags] <HOST:PORT>"],
    ["pyrate share", "--bootstrap HOST[:PORT] [flags] <DIR>"],
    ["pyrate get", "[flags] <HOST:PORT> <NAME>"],
    ["pyrate search", "--bootstrap HOST[:PORT] [flags] <NAME>"]
  ] as const
) {
  tested(`shows in peerage ${args} --help what must be given`, function*() {
    const { stdout } = yield* run([...words(args), "--help"])
    assert.include(stdout, `  peerage ${args} ${usage}\n`)
  })
}

tested("shows in the help which variable gives a flag, and what the exit codes mean", function*() {
  const { stdout } = yield* run(["peerpy", "connect", "--help"])
  assert.match(stdout, /--type json\|bytes\|raw +What the connection carries \(default json\) \[env: PEERAGE_TYPE\]\n/)
  assert.match(stdout, /--no-strict .* \[env: PEERAGE_NO_STRICT\]\n/)
  assert.match(stdout, /--log-level .* \[env: PEERAGE_LOG_LEVEL\]\n/)
  assert.match(stdout, /--help, -h +Show help information\n/)
  assert.match(stdout, /EXIT CODES\n  0  done, or left\n  1 [^]*\n  2 [^]*\n  3 [^]*\n  4  unreachable: [^\n]+\n$/)
})

tested("prints its version", function*() {
  assert.match((yield* run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/)
})

for (
  const [shell, words, folders, files] of [
    ["bash", "'json' 'bytes' 'raw'", "--paths -d", "--paths -f"],
    ["zsh", "(json bytes raw)", "_directories", "_files"],
    ["fish", "'json bytes raw'", "-l to", "-r -F"]
  ] as const
) {
  tested(`prints a script for ${shell} that completes flags, words and paths`, function*() {
    const { code, stdout } = yield* run(["--completions", shell])
    assert.strictEqual(code, 0)
    for (const part of ["reconnect", "log-level", "CRITICAL", words, folders, files]) assert.include(stdout, part)
    if (shell === "zsh") assert.match(stdout, /\)--offer=\[[^\n]*\n[^]*\)--to=\[[^\n]*_directories/)
  })
}

for (
  const [args, name, value, said] of [
    ["pyile host", "PEERAGE_LISTEN", "x", /PEERAGE_LISTEN takes/],
    [
      "pyile host",
      "PEERAGE_JSON",
      "maybe",
      /^peerage pyile host: PEERAGE_JSON takes true or false, not "maybe"\nSee peerage pyile host --help\n$/
    ],
    ["pyile join 127.0.0.1:1", "PEERAGE_RECONNECT", "perhaps", /PEERAGE_RECONNECT takes true or false, not "perhaps"/],
    [
      "chat 127.0.0.1:0",
      "P2P_CHAT_MAX_CONNECTIONS",
      "0",
      /P2P_CHAT_MAX_CONNECTIONS takes a whole number from 1, not "0"\n/
    ],
    ["peerpy listen", "PEERPY_MAX_CONNECTIONS", "0", /PEERPY_MAX_CONNECTIONS takes a whole number from 1, not "0"\n/],
    [
      "peerpy listen",
      "PEERPY_DISCOVERY_PORT",
      "65536",
      /PEERPY_DISCOVERY_PORT takes a whole number from 1 to 65535, not "65536"\n/
    ],
    ["pyrate list 127.0.0.1:1", "PYRATE_MAX_WORKERS", "none", /PYRATE_MAX_WORKERS takes a whole number, not "none"\n/],
    ["pyrate list 127.0.0.1:1", "PYRATE_MAX_WORKERS", "1.5", /PYRATE_MAX_WORKERS takes a whole number, not "1.5"\n/],
    [
      "pyrate list 127.0.0.1:1",
      "PYRATE_MAX_WORKERS",
      "9007199254740991",
      /takes a whole number up to 1099511627776, not "/
    ],
    [
      "pyrate list 127.0.0.1:1",
      "PYRATE_RESCAN",
      "0 seconds",
      /PYRATE_RESCAN takes a time above zero [^\n]*, not "0 seconds"\n/
    ],
    [
      "pyile join 127.0.0.1:1",
      "PYILE_STEP_TIMEOUT",
      "5s",
      /STEP_TIMEOUT takes a length of time such as "5 seconds", not "5s"\n/
    ]
  ] as const
) {
  tested(`exits with 2 at peerage ${args} with ${name}=${value}`, function*() {
    const { code, stderr } = yield* run(words(args), { env: { PEERAGE_PASSWORD: "x", [name]: value } })
    assert.strictEqual(code, 2)
    assert.match(stderr, said)
  })
}

tested("takes the password from a file or the environment, and every flag from the environment", function*() {
  const file = join(yield* folder({ password: "secret\r\nnot this\n" }), "password")
  const host = yield* here.hosting()
  const env = { PEERAGE_JSON: "true", PEERAGE_ALIAS: "eve", PEERAGE_PASSWORD: "secret" }
  const one = yield* here.openWith({ env }, "pyile", "join", host.address)
  yield* one.tells("Connected", { peer: host.address })
  yield* here.openWith({ env: { PEERAGE_PASSWORD_FILE: file } }, "pyile", "join", host.address)
  const another = { env: { PEERAGE_PASSWORD: "another" } }
  const three = yield* here.openWith(another, "pyile", "join", host.address, "--password-file", file)
  yield* three.tells("Connected")
  yield* one.type("hi")
  yield* host.tells("Message", { alias: "eve" })
})

tested("takes the flags of peerpy from the environment, and an empty PEER_ADDRESS of chat for none", function*() {
  const env = { PEERAGE_LISTEN: "127.0.0.1:0", PEERAGE_OFFER: "DENY", PEERPY_TIMEOUT: "1 second" }
  const { address } = yield* here.openWith({ env }, "peerpy", "listen")
  assert.match(address, /^127\.0\.0\.1:/)
  assert.strictEqual((yield* run(["peerpy", "connect", address])).code, 3)
  const chat = yield* here.openWith({ env: { PEERAGE_DESIRED_ID: "7" } }, "chat", "127.0.0.1:0", "")
  yield* chat.tells("Self", { id: "7" })
  yield* chat.tells("Peers", { peers: [] })
})

for (
  const args of [
    "pyile join 127.0.0.1:1 --password x",
    "chat 127.0.0.1:0 127.0.0.1:1",
    "peerpy connect 127.0.0.1:1",
    "pyrate list 127.0.0.1:1",
    "pyrate get 127.0.0.1:1 song.txt",
    "pyrate search song.txt --bootstrap 127.0.0.1:1",
    "pyrate share . --bootstrap 127.0.0.1:1"
  ]
) {
  tested(`exits with 4 and one sentence at peerage ${args}, where nobody listens`, function*() {
    const { code, stderr, stdout } = yield* run(words(args))
    assert.deepStrictEqual([code, stdout], [4, ""])
    assert.match(stderr, /^No connection to 127\.0\.0\.1:1 \(ECONNREFUSED\)\. [^\n]+\n$/)
  })
}

for (const args of ["pyile join nobody.invalid --password x", "chat 127.0.0.1:0 nobody.invalid:5000"]) {
  tested(`exits with 4 at peerage ${args}, whose name is unknown`, function*() {
    const { code, stderr } = yield* run(words(args))
    assert.strictEqual(code, 4)
    assert.match(stderr, /nobody\.invalid/)
  })
}

tested("tells programs why it failed", function*() {
  const { code, stdout } = yield* run(words("peerpy connect nobody.invalid:20000 --json"))
  assert.strictEqual(code, 4)
  assert.match(stdout, /^\{"event":"Failed",.*"command":"peerage peerpy connect","reason":"NameNotFound",.*\}\n$/)
})

for (
  const [args, code, said] of [
    ["chat 127.0.0.1:5999 127.0.0.1:5999", 2, /own address/],
    ["peerpy connect 127.0.0.1:5999 --listen 127.0.0.1:5999", 2, /own address/],
    ["peerpy discover --interface 203.0.113.1", 1, /Choose an address of this machine/]
  ] as const
) {
  tested(`exits with ${code} at peerage ${args}`, function*() {
    const ended = yield* run(words(args))
    assert.strictEqual(ended.code, code)
    assert.match(ended.stderr, said)
  })
}

for (
  const [room, again, flags] of [
    ["pyile host --listen 127.0.0.1:0 --password x", "pyile host --password x --listen", "--password ... --listen"],
    ["chat 127.0.0.1:0", "chat", ""],
    ["peerpy listen --listen 127.0.0.1:0", "peerpy listen --listen", "--listen"],
    ["pyrate bootstrap --listen 127.0.0.1:0", "pyrate bootstrap --listen", "--listen"]
  ] as const
) {
  tested(`exits with 1 at peerage ${again}, where the port is taken`, function*() {
    const { address } = yield* here.open(...words(room))
    const { code, stderr } = yield* run([...words(again), address])
    assert.strictEqual(code, 1)
    const [first, second] = stderr.split("\n")
    assert.match(first ?? "", /is in use by another program/)
    const name = words(again).slice(0, again === "chat" ? 1 : 2).join(" ")
    assert.strictEqual(second, `At a free port: peerage ${name} ${`${flags} 127.0.0.1:0`.trim()}`)
  })
}
