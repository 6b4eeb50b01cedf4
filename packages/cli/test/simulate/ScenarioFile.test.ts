/** Scenarios that people write: all that is wrong with one is said at once. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { decode, endOf } from "../../src/simulate/ScenarioFile.ts"

const base = { protocol: "pyile", hosts: 4 }

const mistakesIn = (scenario: unknown): ReadonlyArray<string> =>
  Result.match(decode(scenario), { onSuccess: () => [], onFailure: (mistakes) => mistakes })

describe("a scenario", () => {
  for (
    const [scenario, ...mistakes] of [
      [{ ...base, hosts: 0 }, "hosts is 0; give a whole number from 1 to 1000"],
      [{ ...base, hosts: NaN, faults: [{ at: 1, kill: "9" }] }, "hosts is NaN; give a whole number from 1 to 1000"],
      [{ ...base, protocol: "irc" }, "protocol is \"irc\"; give \"pyile\" or \"p2p-chat\" or \"peerpy\" or \"pyrate\""],
      [
        { ...base, link: { latency: -1, loss: 1.5 } },
        "link.latency is -1; give a time",
        "link.loss is 1.5; give a number"
      ],
      [{ ...base, faults: [{ at: "soon", kill: "1" }] }, "faults.0.at is \"soon\"; give a time"],
      [
        { ...base, faults: [{ at: 1, cut: ["1-4", "5"] }] },
        "faults.0.cut is \"5\"; give the name of a host: 1, 2, 3, 4"
      ],
      [
        { ...base, faults: [{ at: 1, link: ["1", "2"], loss: NaN }] },
        "faults.0.loss is NaN; give a number from 0 to 1"
      ],
      [
        { ...base, faults: [{ at: 1, link: ["1", "2"], bandwidth: "wide" }] },
        "faults.0.bandwidth is \"wide\"; give a number above 0, or \"unlimited\""
      ],
      [{ ...base, faults: [{ at: 1 }] }, "faults.0.verb is missing; give exactly one of cut, heal, link"],
      [{ ...base, guessing: "5" }, "guessing is \"5\"; give the name of a host: 1 to 4"],
      [{ ...base, do: [{ at: 1, host: "5", say: "x", to: "6" }] }, "do.0.host is \"5\"", "do.0.to is \"6\""],
      [{ ...base, do: [{ at: 1, host: "1" }] }, "do.0 is without any; give exactly one of say, stream, search, get"],
      [
        { ...base, do: [{ at: 1, host: "1", stream: "2" }] },
        "do.0.stream is nothing that this protocol does; give one of say"
      ],
      [{ ...base, protocol: "pyrate", do: [{ at: 1, host: "2", get: "x" }] }, "do.0.from is missing; give the host"],
      [{ ...base, expect: [{ at: 1, host: "1" }] }, "expect.0 is without any; give exactly one of knows, sees, hears"],
      [
        { ...base, expect: [{ at: 1, host: "9", knows: 1 }] },
        "expect.0.host is \"9\"; give the name of a host: 1 to 4"
      ],
      [{ ...base, expect: [{ at: 1, host: "1", knows: -1 }] }, "expect.0.knows is -1; give a whole number from 0"],
      [{ ...base, chaos: { kill: -1 }, talk: { every: 0 } }, "chaos.kill is -1", "talk.every is 0"],
      [
        { ...base, chaos: { kill: 1, hosts: ["1-3", "5"] } },
        "chaos.hosts.1 is \"5\"; give the name of a host: 1, 2, 3, 4"
      ],
      [{ ...base, hosst: 2 }, "hosst is 2; give nothing: there is no such option"],
      ["text", "the scenario is \"text\"; give"]
    ] as const
  ) {
    it(`is refused with all that is wrong: ${mistakes.join(" ")}`, () => {
      const said = mistakesIn(scenario)
      assert.lengthOf(said, mistakes.length, said.join("\n"))
      mistakes.forEach((mistake, index) => assert.include(said[index], mistake))
    })
  }

  it("may name hosts singly, by commas, in ranges, or all of them", () => {
    const faults = [{ at: 1, kill: "1" }, { at: 1, cut: ["1,2", "3-4"] }, { at: 1, link: ["all", "all"], loss: 0.5 }]
    assert.deepStrictEqual(mistakesIn({ ...base, guessing: "2-4", faults: [...faults, { at: 2, heal: "all" }] }), [])
  })

  it("has times as flags have them", () => {
    const scenario = {
      ...base,
      link: { latency: "20ms" },
      faults: [{ at: "1m", kill: "1", for: "5s" }],
      chaos: { cut: 1, from: "10s", until: "1m30s", lasting: "500ms" },
      talk: { every: "8s" },
      do: [{ at: "2s", host: "1", say: "x" }],
      expect: [{ at: "1.5s", host: "1", knows: 1 }],
      until: "2m"
    }
    const read = Result.getOrThrow(decode(scenario))
    assert.deepStrictEqual<unknown>(
      [read.link?.latency, read.faults?.[0], read.chaos, read.talk?.every, read.do?.[0]?.at, read.expect?.[0]?.at],
      [
        20,
        { at: 60_000, kill: "1", for: 5000 },
        { cut: 1, from: 10_000, until: 90_000, lasting: 500 },
        8000,
        2000,
        1500
      ]
    )
    assert.strictEqual(endOf(read), 120_000)
  })

  it("ends ten seconds after its last moment, or when it says", () => {
    const until = (scenario: object) => Result.getOrUndefined(Result.map(decode({ ...base, ...scenario }), endOf))
    assert.strictEqual(until({}), 30_000)
    assert.strictEqual(until({ faults: [{ at: "1 minute", kill: "1", for: "5 seconds" }] }), 75_000)
    assert.strictEqual(until({ expect: [{ at: "40 seconds", host: "1", knows: 1 }] }), 50_000)
    assert.strictEqual(until({ until: "5 seconds" }), 5000)
  })
})
