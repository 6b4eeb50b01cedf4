/** Numbers, lengths of time and ports that cannot be: each flag is named, with what it takes, and nothing else is said. */
import { assert } from "@effect/vitest"
import { folder } from "../Folder.ts"
import { here, run, tested } from "./InProcess.ts"

const impossible = ["-5s", "-5", "-1h", "-Infinity", "NaN", "", "0x10", "1e9999", "1.5.5", "99999999999999999999999w"]

for (
  const [command, flags, wanted] of [
    ["pyile host --password x", "--chat-port --dist-port", "a port from 1 to 65535"],
    ["pyile host --password x", "--attempts", "a whole number from 1"],
    ["pyile host --password x", "--ban-for", "a length of time"],
    ["peerpy listen", "--max-connections", "a whole number from 1 to 1000000"],
    ["peerpy listen", "--timeout", "a length of time"],
    ["peerpy connect 127.0.0.1:1", "--timeout", "a length of time"],
    ["peerpy discover", "--wait", "a length of time"],
    ["pyrate bootstrap", "--expiry", "a length of time"],
    ["pyrate share . --bootstrap 127.0.0.1:1", "--keepalive --rescan", "a length of time"],
    ["pyrate share . --bootstrap 127.0.0.1:1", "--workers", "a whole number from 1 to 1000000"],
    ["pyrate share . --bootstrap 127.0.0.1:1", "--min-speed", "a whole number from 0"],
    ["pyrate get 127.0.0.1:1 song.txt", "--min-speed", "a whole number from 0"],
    ["pyrate search song.txt --bootstrap 127.0.0.1:1", "--ttl", "a whole number from 0 to 10"],
    ["pyrate search song.txt --bootstrap 127.0.0.1:1", "--wait", "a length of time"],
    ["chat 127.0.0.1:0", "--desired-id", "a whole number from 1 to 9223372036854775807"]
  ] as const
) {
  for (const flag of flags.split(" ")) {
    tested(`says what ${flag} of peerage ${command} takes`, function*() {
      for (const value of impossible) {
        for (const given of [[flag, value], [`${flag}=${value}`]]) {
          // An empty value behind = is none.
          if (given[0] === `${flag}=`) continue
          const { code, stderr, stdout } = yield* run([...command.split(" "), ...given])
          assert.deepStrictEqual([code, stdout], [2, ""])
          const [mistake = "", ...rest] = stderr.split("\n")
          assert.include(mistake, `: ${flag} takes ${wanted}`)
          assert.isTrue(mistake.endsWith(`, not "${value}"`), mistake)
          assert.strictEqual(rest.length, 2)
        }
      }
    })
  }
}

tested("takes the largest numbers of things from the environment", function*() {
  const env = Object.fromEntries(
    ["WORKERS", "FAN_OUT", "SERVED", "WAITING", "HANDSHAKES", "REGISTRATIONS"].map((name) =>
      [`PYRATE_MAX_${name}`, "1099511627776"] as const
    )
  )
  const node = yield* here.openWith({ env }, "pyrate", "bootstrap", "--listen", "127.0.0.1:0")
  const directory = yield* folder({ "song.txt": "la" })
  const one = yield* here.openWith({ env }, "pyrate", "share", directory, "--bootstrap", node.address)
  yield* one.tells("Shared", { files: ["song.txt"] })
})

tested("takes a value that begins with a dash, and calls what is no flag by its whole name", function*() {
  const host = yield* run(["pyile", "host", "--password", "-secret", "--alias", "-bob", "--listen", "192.0.2.1:1"])
  assert.match(host.stderr, /^192\.0\.2\.1 is not one of this machine's addresses/)
  const file = yield* run(["pyrate", "get", "127.0.0.1:1", "-song.txt"])
  assert.deepStrictEqual(file.stderr.split("\n"), [
    "peerage pyrate get: there is no flag -song.txt; where it is no flag, put -- before it, behind all flags",
    "See peerage pyrate get --help",
    ""
  ])
  assert.strictEqual((yield* run(["pyrate", "get", "127.0.0.1:1", "--", "-song.txt"])).code, 4)
  const letter = yield* run(["chat", "-x"])
  assert.include(letter.stderr, "there is no flag -x\n")
  assert.match((yield* run(["chat", "-h"])).stdout, /USAGE/)
})
