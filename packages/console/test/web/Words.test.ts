/** Numbers and times are written as people read them. */
import { assert, it } from "@effect/vitest"
import { bytes, count, grouped, hue, initials, lasting, short } from "../../web/words.ts"

const table: ReadonlyArray<readonly [written: string, wanted: string]> = [
  [lasting(-5), "0 s"],
  [lasting(59_400), "59 s"],
  [lasting(60_000), "1 min"],
  [lasting(3_599_000), "59 min"],
  [lasting(7_500_000), "2 h 5 min"],
  [lasting(90_000_000), "1 d 1 h"],
  [short(0), "0"],
  [short(0.84), "0.8"],
  [short(999), "999"],
  [short(9412), "9.4k"],
  [short(94_120), "94k"],
  [short(2_300_000), "2.3M"],
  [bytes(999), "999 B"],
  [bytes(1000), "1.0 kB"],
  [bytes(41_000_000), "41.0 MB"],
  [bytes(9_000_000_000), "9.0 GB"],
  [grouped(10_058), "10,058"],
  [count(1, "member"), "1 member"],
  [count(1204, "member"), "1,204 members"],
  [count(0, "reply", "replies"), "0 replies"],
  [initials("ada lovelace"), "AD"],
  [initials("<b>"), "B"],
  [initials("10.0.0.112:4000"), "12"],
  [initials("10.0.0.7:4000"), "7"],
  [initials("127.0.0.1:5201"), "01"],
  [initials("日本"), "日本"]
]

for (const [written, wanted] of table) it(`writes ${wanted}`, () => assert.strictEqual(written, wanted))

it("gives an id the same of eight colours each time", () => {
  assert.strictEqual(hue("127.0.0.1:4000"), hue("127.0.0.1:4000"))
  assert.match(hue(""), /^hue[0-7]$/)
})
