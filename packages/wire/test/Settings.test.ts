import { assert, describe, it } from "@effect/vitest"
import { Settings } from "@peerage/wire"
import { Config, ConfigProvider, Duration, Effect } from "effect"

const config = Config.all({
  wait: Settings.duration("WAIT", "5 seconds"),
  keep: Settings.lifetime("KEEP", "1 hour"),
  most: Settings.count("MOST", 10),
  every: Settings.interval("EVERY", "1 minute")
}).pipe(Config.nested("THING"))

const { defaults, make } = Settings.of(config, { lifetimes: ["keep"], intervals: ["every"] })

describe("settings", () => {
  it("are the defaults where nothing is said, or undefined", () => {
    assert.deepStrictEqual(make(), defaults)
    const absent: object = { most: undefined }
    assert.deepStrictEqual(make(absent), defaults)
    assert.deepStrictEqual(make({ most: 3, keep: Duration.infinity }), {
      ...defaults,
      most: 3,
      keep: Duration.infinity
    })
  })

  it.each([NaN, Infinity, 0, -1, 1.5])("have no count of %s", (most) => {
    assert.throws(() => make({ most }), `The option most of config is ${most}. Give a whole number from 1.`)
  })

  it.each([Duration.infinity, Duration.seconds(-1)])("have no time of %s", (wait) => {
    assert.throws(() => make({ wait }), "The option wait of config is ")
  })

  it.each([Duration.zero, Duration.infinity, Duration.seconds(-1)])(
    "rest for no time of %s between two turns",
    (every) => {
      assert.throws(() => make({ every }), "Give a Duration above zero that has an end")
    }
  )

  it.effect.each([{ EVERY: "0 seconds" }, { MOST: "0" }, { MOST: "9007199254740991" }])(
    "take no number from the environment that cannot be worked with: %s",
    (THING) =>
      Effect.gen(function*() {
        const { message } = yield* Effect.flip(config.parse(ConfigProvider.fromUnknown({ THING })))
        assert.include(message, Object.keys(THING)[0] ?? "")
      })
  )

  it.effect.each(["-1 seconds", "Infinity", "soon"])(
    "take no such time from the environment: %s",
    (WAIT) =>
      Effect.gen(function*() {
        const { message } = yield* Effect.flip(config.parse(ConfigProvider.fromUnknown({ THING: { WAIT } })))
        assert.include(message, "WAIT")
        const zero = yield* config.parse(ConfigProvider.fromUnknown({ THING: { WAIT: "0 millis", KEEP: "Infinity" } }))
        assert.deepStrictEqual([zero.wait, zero.keep], [Duration.zero, Duration.infinity])
      })
  )
})
