import { assert, it } from "@effect/vitest"
import { exhausting } from "../test/codec/pickle/Exhausting.ts"
import { repeated, verdict } from "../test/codec/pickle/Verdict.ts"

exhausting(1)

it("a pickle may take 256 MiB unless told otherwise, and never more than 1 GiB", () => {
  // Dicts that are dropped at once count as well: 272 bytes for each.
  const dicts = (count: number) => repeated("", "}0", count, "N.")
  assert.strictEqual(verdict(dicts(980_000)), "a value")
  assert.match(verdict(dicts(990_000)), /^a value of more than 268435456 bytes of memory/)
  assert.strictEqual(verdict(dicts(990_000), { memory: Infinity }), "a value")
  assert.match(
    verdict(dicts(4_000_000), { memory: Infinity, values: Infinity }),
    /^a value of more than 1073740800 bytes of memory/
  )
})
