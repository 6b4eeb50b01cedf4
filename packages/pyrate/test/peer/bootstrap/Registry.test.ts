/** A bootstrap's list, as plain state. */
import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Duration } from "effect"
import * as Registry from "../../../src/peer/bootstrap/Registry.ts"

const at = PeerAddress.at
const [one, two, three] = [at("10.0.0.1", 5001), at("10.0.0.2", 5002), at("10.0.0.3", 5003)]
const expiry = 600_000
const limits = { expiry: Duration.minutes(10), maxRegistrations: 100, maxRegistrationsPerAddress: 100 }

/** A message about a peer at a time, or nothing but time that passes. */
type Step = readonly [tag: Registry.Request["_tag"] | "Time", peer: PeerAddress.PeerAddress, now?: number]

/** Does steps one after the other. Gives the registry, and what is announced in each step. */
const run = (steps: ReadonlyArray<Step>, bounds: Partial<Registry.Limits> = {}) =>
  steps.reduce<{ readonly registry: Registry.Registry; readonly told: ReadonlyArray<string> }>(
    ({ registry, told }, [_tag, peer, now = 0]) => {
      const circumstances = { now, limits: { ...limits, ...bounds } }
      const [events, after] = _tag === "Time"
        ? Registry.expire(registry, circumstances)
        : Registry.handle(registry, { _tag, peer }, circumstances)
      const words = events.map((event) => "reason" in event ? event.reason : event._tag).join()
      return { registry: after, told: [...told, words] }
    },
    { registry: Registry.empty, told: [] }
  )
const register = (...peers: ReadonlyArray<PeerAddress.PeerAddress>): ReadonlyArray<Step> =>
  peers.map((peer): Step => ["Register", peer])

describe("a registry", () => {
  it.each<{ what: string; steps: ReadonlyArray<Step>; told: ReadonlyArray<string>; listed: ReadonlyArray<string> }>([
    {
      what: "lists peers in the order of their registration, each once",
      steps: register(two, one, two, three, one),
      told: ["Joined", "Joined", "", "Joined", ""],
      listed: [two, one, three]
    },
    {
      what: "keeps the place of a peer that is heard of again",
      steps: [...register(one, two), ["KeepAlive", one, 5]],
      told: ["Joined", "Joined", ""],
      listed: [one, two]
    },
    {
      what: "tells peers at one address apart by their ports",
      steps: [...register(at("10.0.0.1", 5001), at("10.0.0.1", 5002)), ["Unregister", at("10.0.0.1", 5001)]],
      told: ["Joined", "Joined", "Unregistered"],
      listed: [at("10.0.0.1", 5002)]
    },
    {
      what: "forgets a peer that asks for it, and none twice",
      steps: [...register(one), ["Unregister", one], ["Unregister", one]],
      told: ["Joined", "Unregistered", ""],
      listed: []
    },
    { what: "lets none come back by a keep-alive", steps: [["KeepAlive", one]], told: [""], listed: [] },
    {
      what: "keeps a peer up to its last moment and no longer",
      steps: [["Register", one, 7], ["Time", one, 7 + expiry], ["Time", one, 7 + expiry + 1]],
      told: ["Joined", "", "Expired"],
      listed: []
    },
    {
      what: "counts from when a peer was last heard of, in whatever way",
      steps: [
        ...register(one, two, three),
        ["KeepAlive", one, 1000],
        ["Register", two, 2000],
        ["Time", one, expiry + 1],
        ["Time", one, expiry + 2001]
      ],
      told: ["Joined", "Joined", "Joined", "", "", "Expired", "Expired,Expired"],
      listed: []
    },
    {
      what: "forgets expired peers before it does what a message asks for",
      steps: [...register(one), ["Register", two, expiry + 1]],
      told: ["Joined", "Expired,Joined"],
      listed: [two]
    }
  ])("$what", ({ listed, steps, told }) => {
    const result = run(steps)
    assert.deepStrictEqual(result.told, told)
    assert.deepStrictEqual(result.registry.listed, listed)
  })

  it("knows when the next peer expires", () => {
    assert.strictEqual(Registry.expiresAfter(run([["Register", one, 7]]).registry, limits), 7 + expiry)
    const steps: ReadonlyArray<Step> = [...register(one, two), ["KeepAlive", one, 1000], ["Unregister", two]]
    assert.strictEqual(Registry.expiresAfter(run(steps).registry, limits), 1000 + expiry)
    assert.strictEqual(Registry.expiresAfter(run([...steps, ["Unregister", one]]).registry, limits), Infinity)
  })

  it("has the times of each peer, in the order of their registration", () => {
    const steps: ReadonlyArray<Step> = [["Register", two, 5], ["Register", one, 7], ["KeepAlive", two, 9], [
      "Register",
      one,
      11
    ]]
    assert.deepStrictEqual(Registry.roster(run(steps).registry, limits), [
      { peer: two, since: 5, heard: 9, expires: 9 + expiry },
      { peer: one, since: 7, heard: 11, expires: 11 + expiry }
    ])
    const anew: ReadonlyArray<Step> = [...steps, ["Unregister", two], ["Register", two, 20]]
    assert.deepStrictEqual(Registry.roster(run(anew).registry, limits).map(({ since }) => since), [7, 20])
  })

  it("takes as long for a long list as for those that are gone", () => {
    const peers = Array.from({ length: 20_000 }, (_, n) => at(`10.1.${n >> 8}.${n & 255}`, 5000))
    const wide = { ...limits, maxRegistrations: 20_000 }
    let registry = Registry.empty
    for (const [now, peer] of peers.entries()) {
      const [, after] = Registry.handle(registry, { _tag: "Register", peer }, { now, limits: wide })
      registry = after
    }
    let gone = 0
    // One after the other: a look at the whole list each time would be 200,000,000 looks.
    for (let n = 1; n <= 20_000; n++) {
      const [events, after] = Registry.expire(registry, { now: expiry + n, limits })
      gone += events.length
      registry = after
    }
    assert.deepStrictEqual([gone, registry.listed], [20_000, []])
  })
})

describe("the bounds of a registry", () => {
  it.each<{ what: string; steps: ReadonlyArray<Step>; bounds: Partial<Registry.Limits>; told: ReadonlyArray<string> }>([
    {
      what: "keep the oldest in all",
      steps: register(one, two, three),
      bounds: { maxRegistrations: 2 },
      told: ["Joined", "Joined", "TooMany"]
    },
    {
      what: "keep the oldest at one address",
      steps: register(at("10.0.0.1", 1), at("10.0.0.1", 2), at("10.0.0.2", 1)),
      bounds: { maxRegistrationsPerAddress: 1 },
      told: ["Joined", "TooMany", "Joined"]
    },
    {
      what: "refuse none a sign of life",
      steps: [...register(one), ["Register", one, 1]],
      bounds: { maxRegistrations: 1 },
      told: ["Joined", ""]
    },
    {
      what: "make room again when a peer leaves or expires",
      steps: [
        ...register(one),
        ["Unregister", one],
        ...register(at("10.0.0.1", 9)),
        ["Time", one, expiry + 1],
        ["Register", two, expiry + 1]
      ],
      bounds: { maxRegistrations: 1, maxRegistrationsPerAddress: 1 },
      told: ["Joined", "Unregistered", "Joined", "Expired", "Joined"]
    }
  ])("$what", ({ bounds, steps, told }) => {
    assert.deepStrictEqual(run(steps, bounds).told, told)
  })
})
