/** Options that would turn a limit or a check off. */
import { assert } from "@effect/vitest"
import { AuthPeer, JoinPeer } from "@peerage/pyile"
import { Misuse } from "@peerage/testing"
import { Duration, Effect, Redacted } from "effect"
import { host, hostIp, on, password, simulation } from "./Network.ts"

const auth = (options: object) => AuthPeer.make({ password, listen: `${hostIp}:4702`, ...options })
const joining = (options: object) => JoinPeer.make({ password, host: `${hostIp}:4702`, ...options })

simulation.each([
  { options: { attempts: NaN }, says: "attempts of AuthPeer.make is NaN" },
  { options: { attempts: -3 }, says: "attempts of AuthPeer.make is -3" },
  { options: { attempts: 0 }, says: "attempts of AuthPeer.make is 0" },
  { options: { attempts: Infinity }, says: "attempts of AuthPeer.make is Infinity" },
  { options: { password: Redacted.make("") }, says: "password of AuthPeer.make is empty" },
  { options: { password: "sesame" }, says: "password of AuthPeer.make is not redacted" },
  { options: { banFor: "-1 hour" }, says: "banFor of AuthPeer.make is \"-1 hour\"" },
  { options: { banFor: NaN }, says: "banFor of AuthPeer.make is NaN" },
  { options: { banFor: Infinity }, says: "banFor of AuthPeer.make is Infinity" },
  { options: { distPort: 65_536 }, says: "distPort of AuthPeer.make is 65536" },
  { options: { chatPort: -1 }, says: "chatPort of AuthPeer.make is -1" },
  { options: { trustClaims: "no" }, says: "trustClaims of AuthPeer.make is \"no\"" },
  { options: { alias: 7 }, says: "alias of AuthPeer.make is 7" },
  { options: { config: { maxMembers: NaN } }, says: "maxMembers of config is NaN" },
  { options: { config: { sendConcurrency: -1 } }, says: "sendConcurrency of config is -1" },
  { options: { config: { stepTimeout: Duration.infinity } }, says: "stepTimeout of config is Infinity" },
  { options: { config: { silence: Duration.seconds(-1) } }, says: "silence of config is -1s" }
])("a host dies at once: $says", function*({ options, says }) {
  const sentence = yield* Misuse.sentence(on(hostIp, auth(options)))
  assert.include(sentence, `The option ${says}`)
  assert.include(sentence, ". Give ")
})

simulation.each([
  { options: { authPort: 1.5 }, says: "authPort of JoinPeer.make is 1.5" },
  { options: { chatPort: NaN }, says: "chatPort of JoinPeer.make is NaN" },
  { options: { password: undefined }, says: "password of JoinPeer.make is not redacted" },
  { options: { config: { heartbeatTimeout: Duration.millis(-1) } }, says: "heartbeatTimeout of config is -1ms" }
])("a joiner dies at once: $says", function*({ options, says }) {
  assert.include(yield* Misuse.sentence(on(hostIp, joining(options))), `The option ${says}`)
})

simulation("a ban has a length above zero, or none at all", function*() {
  const hosting = yield* host()
  for (const length of [NaN, -1, 0, "-1 hour", Infinity]) {
    const ban = hosting.ban("10.0.0.7", { for: length === "-1 hour" ? "-1 hour" : Number(length) })
    assert.include(yield* Misuse.sentence(ban), "The option for of a ban is")
  }
  yield* hosting.ban("10.0.0.7", { for: "1 hour" })
  yield* hosting.ban("10.0.0.8")
  assert.lengthOf(yield* hosting.bans, 2)
})

simulation("undefined stands for the default", function*() {
  yield* host({ attempts: undefined, banFor: undefined, distPort: undefined })
})

simulation("a name is refused with what to do, as the library looks none up", function*() {
  const error = yield* Effect.flip(on(hostIp, joining({ host: "localhost:4702" })))
  assert.strictEqual(
    error.message,
    "\"localhost:4702\" is a name, and names are not looked up here. Give the IPv4 address, such as 192.0.2.1:4702."
  )
})
