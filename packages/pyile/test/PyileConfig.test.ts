import { assert, describe, it } from "@effect/vitest"
import { PyileConfig } from "@peerage/pyile"
import { ConfigProvider, Duration, Effect } from "effect"

const from = (env: Record<string, string>) =>
  Effect.provide(PyileConfig.config, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

const variableOf = (name: string): string => `PYILE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

describe("the configuration", () => {
  it.effect("is the defaults where nothing is said", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* from({}), PyileConfig.defaults)
      assert.deepStrictEqual(PyileConfig.make({ maxMembers: 7 }), { ...PyileConfig.defaults, maxMembers: 7 })
    }))

  it.effect("reads every number from a variable of its name", () =>
    Effect.gen(function*() {
      const env: Record<string, string> = {}
      for (const [name, value] of Object.entries(PyileConfig.defaults)) {
        env[variableOf(name)] = typeof value === "number" ? "12345" : "12345 millis"
      }
      for (const [name, value] of Object.entries(yield* from(env))) {
        assert.strictEqual(typeof value === "number" ? value : Duration.toMillis(value), 12_345, name)
      }
    }))

  it.effect.each([
    { variable: "PYILE_SILENCE", text: "soon" },
    { variable: "PYILE_SEND_CONCURRENCY", text: "0" },
    { variable: "PYILE_MAX_MEMBERS", text: "-1" },
    { variable: "PYILE_MAX_MESSAGE_BYTES", text: "2048.5" }
  ])("refuses $variable=$text and names it", ({ text, variable }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(from({ [variable]: text }))
      assert.include(error.message, `["PYILE"]["${variable.slice("PYILE_".length)}"]`)
    }))
})
