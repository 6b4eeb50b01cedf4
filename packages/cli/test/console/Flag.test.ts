/** `--console`, with a port and without. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { portIn, withPort } from "../../src/console/Flag.ts"

const words = (args: string) => args.split(" ")

describe("--console", () => {
  it.each([
    ["host --console", "host --console=4780"],
    ["host --console 0", "host --console 0"],
    ["host --console 4781 --json", "host --console 4781 --json"],
    ["host --console=0", "host --console=0"],
    ["host --console --json", "host --console=4780 --json"],
    ["join --console peerage://192.0.2.1:4702/pyile#KEY", "join --console=4780 peerage://192.0.2.1:4702/pyile#KEY"],
    ["chat --console 127.0.0.1:5000", "chat --console=4780 127.0.0.1:5000"],
    ["pyrate get HOST -- --console", "pyrate get HOST -- --console"],
    ["host", "host"]
  ])("%s is %s", (typed, read) => {
    assert.deepStrictEqual(withPort(words(typed)), words(read))
  })

  it("is what a command was given, where that is a port", () => {
    assert.strictEqual(portIn({ console: Result.succeed(0) }), 0)
    for (
      const given of [{}, { console: Result.succeed(undefined) }, { console: Result.fail("--console takes a port") }]
    ) {
      assert.isUndefined(portIn(given))
    }
  })
})
