import { assert, describe, it } from "@effect/vitest"
import { Keyed } from "@peerage/testing"
import * as IpNetwork from "effect/net/IpNetwork"
import * as State from "../../../src/peer/host/AdmissionState.ts"

const [ann, bob, cid] = ["10.0.0.2", "10.0.0.3", "10.0.0.4"]
const policy: State.Policy = { attempts: 3, banFor: "10 seconds", maxLimbo: 2 }
const network = State.networkOf
const at = (host: string): State.Visitor => ({ host })
const prefix = IpNetwork.fromAddressUnsafe(network("10.0.0.0").address, 24)
const fresh = State.fromBans([])

/** The state after wrong and right passwords, one after the other, and what came of the last. */
const attempts = (
  hosts: ReadonlyArray<string>,
  { correct = false, from = fresh, now = 0 }: { correct?: boolean; from?: State.AdmissionState; now?: number } = {}
) =>
  hosts.reduce<readonly [State.AdmissionState, State.Attempt | undefined]>(
    ([state], host) => State.attempt(state, { host }, { correct, now, policy }),
    [from, undefined]
  )

describe("wrong passwords", () => {
  it.each([
    [[ann], "Retry", [[ann, 1]]],
    [[ann, ann], "Retry", [[ann, 2]]],
    [[ann, ann, ann], "Ban", []],
    [[ann, ann, ann, ann], "Refused", []],
    [[ann, bob, ann], "Retry", [[bob, 1], [ann, 2]]],
    [[ann, bob, cid], "Retry", [[bob, 1], [cid, 1]]],
    [[ann, bob, ann, cid], "Retry", [[ann, 2], [cid, 1]]]
  ])("%j: the last one leads to %s, and %j are remembered", (hosts, verdict, remembered) => {
    const [state, attempt] = attempts(hosts)
    assert.deepStrictEqual([attempt?._tag, [...state.failures]], [verdict, remembered])
  })

  it("say how many tries are left", () => {
    assert.deepStrictEqual(attempts([ann])[1], { _tag: "Retry", remaining: 2 })
    assert.deepStrictEqual(attempts([ann, ann])[1], { _tag: "Retry", remaining: 1 })
  })

  it("are forgotten with a right one, of that address only", () => {
    const [state, attempt] = attempts([ann], { correct: true, from: attempts([ann, bob])[0] })
    assert.deepStrictEqual([attempt, [...state.failures]], [{ _tag: "Admitted" }, [[bob, 1]]])
  })

  it("ban for as long as the policy says, and a right password does not help meanwhile", () => {
    const [banned] = attempts([ann, ann, ann], { now: 1000 })
    assert.deepStrictEqual(
      [10_999, 11_000].map((now) => attempts([ann], { correct: true, from: banned, now })[1]?._tag),
      ["Refused", "Admitted"]
    )
    assert.deepStrictEqual(State.bans(banned, 1000).map(({ reason }) => reason), ["3 wrong passwords"])
  })

  it("are counted in the reason of the ban, a single one as one", () => {
    const policy = { attempts: 1, maxLimbo: 10 }
    const [banned] = State.attempt(State.fromBans([]), at(ann), { correct: false, now: 0, policy })
    assert.deepStrictEqual(State.bans(banned, 0).map(({ reason }) => reason), ["1 wrong password"])
  })
})

describe("bans and bars", () => {
  it.each([
    ["an address", network(ann), ann, true],
    ["another address", network(ann), bob, false],
    ["a prefix", prefix, cid, true],
    ["a prefix, from outside", prefix, "10.0.1.1", false]
  ])("of %s", (_, banned, host, hit) => {
    for (const impose of [State.ban, State.bar]) {
      const [state, made] = impose(fresh, banned, { for: "1 second", now: 5 })
      assert.deepStrictEqual([State.isBanned(state, at(host), 5), made.reason], [hit, "banned by the host"])
      assert.isFalse(State.isBanned(state, at(host), 1005))
      assert.isFalse(State.isBanned(fresh, at(host), 5))
    }
  })

  it("last for ever where no time is given", () => {
    const [state] = State.ban(fresh, network(ann), { now: 0 })
    assert.isTrue(State.isBanned(state, at(ann), Number.MAX_SAFE_INTEGER))
  })

  it("neither shorten nor replace each other, and only bans are for the store", () => {
    const [banned] = State.ban(fresh, network(ann), { for: "1 minute", now: 0 })
    const [both] = State.bar(banned, network(ann), { for: "1 second", now: 0 })
    assert.isTrue(State.isBanned(both, at(ann), 59_999))
    assert.deepStrictEqual([State.bans(both, 0).length, State.bansAndBars(both, 0).length], [1, 2])
    assert.deepStrictEqual([State.bans(both, 1000).length, State.bansAndBars(both, 1000).length], [1, 1])
    const expired = State.expire(both, 1000)
    assert.deepStrictEqual([expired.bans.size, expired.bars.size], [1, 0])
  })

  it("are told apart: who is only barred learns when it may try again", () => {
    const [barred] = State.bar(fresh, network(ann), { for: "30 seconds", now: 0 })
    assert.deepStrictEqual([0, 1, 29_999, 30_000].map((now) => State.status(barred, at(ann), now)), [
      { banned: true, retry_after: 30 },
      { banned: true, retry_after: 30 },
      { banned: true, retry_after: 1 },
      { banned: false }
    ])
    assert.deepStrictEqual(State.status(barred, at(bob), 0), { banned: false })
    const [both] = State.ban(barred, network(ann), { for: "10 seconds", now: 0 })
    assert.deepStrictEqual([State.status(both, at(ann), 0), State.status(both, at(ann), 10_000)], [
      { banned: true },
      { banned: true, retry_after: 20 }
    ])
    assert.deepStrictEqual(State.status(State.bar(fresh, network(ann), { now: 0 })[0], at(ann), 0), { banned: true })
  })

  it("are lifted for exactly their network, with what was remembered of an address", () => {
    const [failed] = attempts([ann, bob])
    const [banned] = State.ban(State.bar(failed, network(ann), { now: 0 })[0], network(ann), { now: 0 })
    const [lifted, was] = State.lift(banned, network(ann))
    assert.deepStrictEqual([was, State.isBanned(lifted, at(ann), 0), [...lifted.failures]], [true, false, [[bob, 1]]])
    assert.isTrue(State.lift(State.bar(fresh, network(ann), { now: 0 })[0], network(ann))[1])
    assert.isFalse(State.lift(banned, prefix)[1])
    assert.isTrue(State.isBanned(State.lift(banned, prefix)[0], at(ann), 0))
  })

  it("come from a store as they were", () => {
    const [state] = State.ban(fresh, prefix, { reason: "spam", now: 0 })
    assert.deepStrictEqual(State.fromBans(State.bans(state, 0)), state)
  })
})

describe("keys", () => {
  const key = Keyed.keyOf(7)
  const keyed = { host: ann, key }
  const [guessed] = attempts([ann, ann, ann])
  const [admitted] = State.attempt(fresh, keyed, { correct: true, now: 0, policy })
  const [besieged] = attempts([ann, ann, ann], { from: admitted })

  it("are banned wherever they come from, and lifted, as networks are", () => {
    const [banned, made] = State.ban(fresh, key, { now: 0 })
    assert.deepStrictEqual(
      [made.reason, ...[keyed, { host: bob, key }, at(ann)].map((one) => State.isBanned(banned, one, 0))],
      ["banned by the host", true, true, false]
    )
    assert.deepStrictEqual(State.fromBans(State.bans(banned, 0)), banned)
    const [lifted, was] = State.lift(banned, key)
    assert.deepStrictEqual([was, State.isBanned(lifted, keyed, 0)], [true, false])
  })

  it("are told for how long they are barred, and pass a secure transport meanwhile", () => {
    const [barred] = State.bar(fresh, key, { for: "30 seconds", now: 0 })
    assert.deepStrictEqual(State.status(barred, { host: bob, key }, 0), { banned: true, retry_after: 30 })
    assert.strictEqual(State.verdict(barred, { ...keyed, known: false }, 0), "Pass")
  })

  it.each([
    ["nobody", fresh, "Pass", "Pass"],
    ["a guesser", guessed, "TooManyGuesses", "Pass"],
    ["a guesser, for ever", State.fromBans(State.bans(guessed, 0)), "Banned", "Banned"],
    ["an address", State.ban(guessed, network(ann), { now: 0 })[0], "Banned", "Banned"],
    ["a prefix around a guesser", State.ban(guessed, prefix, { now: 0 })[0], "Banned", "Banned"],
    ["the key", State.ban(fresh, key, { now: 0 })[0], "Banned", "Banned"]
  ])("are judged by whether a transport knows them, where %s was banned", (_, state, stranger, member) => {
    const verdicts = [false, true].map((known) => State.verdict(state, { ...keyed, known }, 0))
    assert.deepStrictEqual(verdicts, [stranger, member])
  })

  it("that have joined are spared what others at their address guess, until they guess themselves", () => {
    assert.deepStrictEqual(
      [keyed, { host: ann, key: Keyed.keyOf(8) }, at(ann)].map((one) => State.isBanned(besieged, one, 0)),
      [false, true, true]
    )
    const [guesses] = State.attempt(besieged, keyed, { correct: false, now: 0, policy })
    assert.isTrue(State.isBanned(guesses, keyed, 0))
  })

  it("that have joined do not clear their address of guesses by joining again", () => {
    const failed = attempts([ann, ann], { from: admitted })[0]
    const failures = (visitor: State.Visitor) =>
      State.attempt(failed, visitor, { correct: true, now: 0, policy })[0].failures.size
    assert.deepStrictEqual([failures(keyed), failures({ host: ann, key: Keyed.keyOf(8) })], [1, 0])
  })

  it("are remembered up to a limit, the latest of them", () => {
    const state = [7, 8, 9].reduce<State.AdmissionState>(
      (before, number) =>
        State.attempt(before, { host: bob, key: Keyed.keyOf(number) }, { correct: true, now: 0, policy })[0],
      fresh
    )
    assert.deepStrictEqual([...state.known], [Keyed.keyOf(8), Keyed.keyOf(9)])
  })

  it("make wrong passphrases count as wrong passwords, of an address that is not banned yet", () => {
    const guess = (from: State.AdmissionState) => State.guess(from, keyed, { now: 0, policy })
    const [once, first] = guess(admitted)
    assert.deepStrictEqual([first._tag, [...once.failures], guess(besieged)], ["Retry", [[ann, 1]], [besieged, {
      _tag: "Refused"
    }]])
  })
})
