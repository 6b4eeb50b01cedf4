/** Which suite a dialer on Node uses, by its machine. */
import { assert, it } from "@effect/vitest"
import { NodeCrypto } from "@peerage/secure/node"
import { cpuFeatures, type Machine, preferredOn } from "../../src/node/Preferred.ts"

const machine = (platform: string, arch: string, features = ""): Machine => ({
  platform,
  arch,
  features: () => features
})

it.each(
  [
    ["a computer", machine("linux", "x64"), "AESGCM"],
    ["a Mac", machine("darwin", "arm64"), "AESGCM"],
    ["a board that has AES", machine("linux", "arm64", "Features\t: fp asimd evtstrm aes pmull sha1 sha2\n"), "AESGCM"],
    ["a board that has it not", machine("linux", "arm64", "Features\t: fp asimd evtstrm crc32 cpuid\n"), "ChaChaPoly"],
    ["anything else", machine("linux", "arm"), "ChaChaPoly"]
  ] as const
)("%s dials with the faster suite", (_, of, suite) => assert.strictEqual(preferredOn(of), suite))

it("this machine dials with its own", () => {
  const { arch, platform } = process
  assert.strictEqual(NodeCrypto.primitives.preferred, preferredOn({ arch, platform, features: cpuFeatures }))
})
