/** The command that is shown to somebody whose port is taken. */
import { assert, it } from "@effect/vitest"
import { PyileError } from "@peerage/pyile"
import { instead, takenIn } from "../src/FreePort.ts"

const words = (args: string) => args.split(" ")
const taken = { host: "127.0.0.1", port: 4702 }

it.each([
  ["pyile host", "pyile host --listen 127.0.0.1:0"],
  ["pyile host --listen 127.0.0.1", "pyile host --listen 127.0.0.1:0"],
  ["pyile host --listen=127.0.0.1:4702 --alias ann", "pyile host --listen 127.0.0.1:0 --alias ann"],
  ["pyile host --chat-port 4702", "pyile host"],
  ["pyile host --listen 127.0.0.1:5000 --dist-port=4702", "pyile host --listen 127.0.0.1:5000"],
  ["pyile host --password secret", "pyile host --password ... --listen 127.0.0.1:0"],
  ["pyile host --password=secret", "pyile host --password ... --listen 127.0.0.1:0"],
  ["chat 127.0.0.1:4702 192.0.2.1:4702", "chat 127.0.0.1:0 192.0.2.1:4702"],
  [
    "pyrate share it's --bootstrap 127.0.0.1:4702 --listen 127.0.0.1:4702",
    "pyrate share 'it'\\''s' --bootstrap 127.0.0.1:4702 --listen 127.0.0.1:0"
  ]
])("%s becomes %s", (args, better) => {
  assert.strictEqual(instead(words(args), taken), better)
})

it.each([
  ["host --console 4780", "host --console 0"],
  ["host --console", "host --console 0"],
  ["host --console=4780 --json", "host --console 0 --json"],
  ["host --console --json --password secret", "host --console 0 --json --password ..."],
  // From the environment, as npm start has it.
  ["host", "host --console 0"]
])("with its console at a free port %s becomes %s", (args, better) => {
  assert.strictEqual(instead(words(args), { host: "127.0.0.1", port: 4780, isConsole: true }), better)
})

it("is shown where another port helps, and nowhere else", () => {
  const failed = (code: string) => new PyileError.ListenFailed({ address: "127.0.0.1:4702", code })
  assert.deepStrictEqual(takenIn(new PyileError.HostError({ reason: failed("EADDRINUSE") })), taken)
  assert.deepStrictEqual(takenIn(failed("EACCES")), taken)
  assert.isUndefined(takenIn(failed("EADDRNOTAVAIL")))
  assert.isUndefined(takenIn(new PyileError.Banned()))
})
