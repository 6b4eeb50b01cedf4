import { assert, describe } from "@effect/vitest"
import type { PyileEvent } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { Effect, Fiber, Redacted } from "effect"
import { annIp, elapse, host, join, joiner, settle, simulation, trio } from "../Network.ts"
import { distPortOf, scripted, stranger } from "../Strangers.ts"
import { fateOf, guess, peersOf, refusal, watch } from "../Watching.ts"

const guesser = "10.0.0.66"
const banned: PyileEvent.PyileEvent = { _tag: "Banned", host: guesser }
const wrong = `{"shadow": "open"}`
const right = `{"shadow": "sesame"}`
const honest = Array.from({ length: 20 }, (_, index) => `10.0.0.${index + 2}`)

describe("a host whose password is guessed", () => {
  simulation.each([1, 2, 3, 5])(
    "bans an address at wrong password number %i, which shows at the next connection",
    function*(attempts) {
      const hosting = yield* host({ attempts })
      const events = yield* watch(hosting)
      for (let count = 1; count < attempts; count++) {
        assert.strictEqual(yield* guess(guesser), "WrongPassword")
        assert.deepStrictEqual(yield* hosting.limbo, [{ host: guesser, failures: count }])
      }
      const last = yield* stranger(guesser)
      last.write(wrong)
      yield* settle
      assert.deepStrictEqual(last.texts, [`{"banned": false}`, `{"authenticated": false}`])
      assert.strictEqual(events.filter(({ _tag }) => _tag === "Banned").length, 1)
      assert.deepStrictEqual([yield* hosting.limbo, (yield* hosting.bans).length], [[], 1])
      const next = yield* stranger(guesser)
      assert.deepStrictEqual([next.texts, next.end], [[`{"banned": true}`], "Fin"])
      assert.strictEqual(yield* refusal(guesser), "Banned")
    }
  )

  simulation("admits only the very characters of a password beyond ASCII", function*() {
    const password = "пароль, é und 🔑"
    const hosting = yield* host({ password: Redacted.make(password), attempts: 10 })
    const wrongs = [`${password}\u0000`, password.normalize("NFD"), "пароль, é und ", "??????, ? und ??", ""]
    for (const wrong of wrongs) {
      assert.strictEqual(yield* refusal(annIp, { password: Redacted.make(wrong) }), "WrongPassword")
    }
    const ann = yield* join(annIp, { password: Redacted.make(password) })
    assert.deepStrictEqual([yield* peersOf(hosting), yield* hosting.limbo], [[ann.self], []])
  })

  simulation("lets 20 honest peers join and chat undisturbed by 50 wrong passwords from one address", function*() {
    const hosting = yield* host()
    const events = yield* watch(hosting)
    const guessing = yield* Effect.forEach(Array.from({ length: 50 }), () => Effect.forkChild(guess(guesser)))
    const joining = yield* Effect.forEach(honest, (ip) => Effect.forkChild(joiner(ip)))
    yield* elapse(100)
    assert.isTrue(joining.every((fiber) => fiber.pollUnsafe() !== undefined))
    const peers = yield* Effect.forEach(joining, Fiber.join)
    yield* elapse(200)
    for (const peer of peers) {
      const { acknowledged, failed, written } = yield* peer.broadcast("hello")
      assert.deepStrictEqual([acknowledged.length, written, failed], [20, [], []])
    }
    const answers = yield* Effect.forEach(guessing, Fiber.join)
    assert.deepStrictEqual(answers.filter((answer) => answer === "WrongPassword").length > 2, true)
    assert.strictEqual((yield* peersOf(hosting)).length, 20)
    assert.deepStrictEqual(events.filter(({ _tag }) => _tag === "Banned"), [banned])
  })

  simulation("counts a thousand guesses at once as its three, and no right password helps after them", function*() {
    const hosting = yield* host({ config: { maxHandshakes: 2000, maxHandshakesPerAddress: 2000 } })
    const events = yield* watch(hosting)
    const guesses = yield* Effect.forEach(Array.from({ length: 1000 }), () => stranger(guesser), {
      concurrency: 1000
    })
    for (const [index, raw] of guesses.entries()) raw.write(index < 3 ? wrong : right)
    yield* elapse("10 seconds")
    for (const raw of guesses) {
      assert.deepStrictEqual([raw.text, raw.end], [`{"banned": false}{"authenticated": false}`, "Fin"])
    }
    assert.deepStrictEqual(yield* peersOf(hosting), [])
    assert.deepStrictEqual(events.filter(({ _tag }) => _tag === "Banned"), [banned])
  })

  simulation("turns a joiner away that was banned while it was under way, whatever it had got to", function*() {
    const hosting = yield* host({ attempts: 1 })
    const [early, late] = [yield* scripted(guesser, "Password"), yield* scripted(guesser, "List")]
    assert.strictEqual(yield* guess(guesser), "WrongPassword")
    early.write(right)
    yield* settle
    assert.strictEqual(early.texts.at(-1), `{"authenticated": false}`)
    yield* elapse(100)
    const dist = yield* stranger(guesser, distPortOf(late))
    assert.deepStrictEqual([early.end, late.end, dist.end], ["Fin", "Fin", "Fin"])
    assert.deepStrictEqual(yield* peersOf(hosting), [])
  })

  simulation("forgets wrong passwords of the real address with a right one, and the oldest of too many", function*() {
    const hosting = yield* host({ trustClaims: true, config: { maxLimbo: 2 } })
    for (const ip of ["10.0.0.98", guesser, "10.0.0.99"]) yield* guess(ip)
    const raw = yield* scripted(guesser, "Address")
    raw.write(`{"peer_address": ["10.0.0.99", 49317]}`)
    yield* settle
    assert.include(raw.text, `["10.0.0.99", 49317]]${Known.hasKeys ? `, "keys": [` : "}"}`)
    assert.deepStrictEqual(yield* hosting.limbo, [{ host: "10.0.0.99", failures: 1 }])
  })

  simulation("keeps the members behind an address that bans itself, until somebody bans it by hand", function*() {
    const { ann, bob, hosting } = yield* trio({ attempts: 1 })
    assert.deepStrictEqual([yield* guess(annIp), yield* refusal(annIp)], ["WrongPassword", "Banned"])
    yield* elapse("1 minute")
    assert.deepStrictEqual(yield* peersOf(hosting), [ann.self, bob.self])
    yield* hosting.ban(annIp)
    yield* settle
    assert.deepStrictEqual(yield* peersOf(hosting), [bob.self])
    assert.strictEqual(yield* fateOf(ann), "PeerClosed")
  })
})
