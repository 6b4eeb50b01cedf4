/** Downloads under way, and the amounts in them, as tables. */
import { assert, it } from "@effect/vitest"
import { advance, begin, rate, size, time, type Transfer } from "../../src/jobs/Transfer.ts"

for (
  const [bytes, shown] of [
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023, "1023 bytes"],
    [1024, "1.0 KiB"],
    [10_188, "9.9 KiB"],
    [10_239, "10 KiB"],
    [1_048_064, "1.0 MiB"],
    [3_145_728, "3.0 MiB"],
    [5_000_000_000, "4.7 GiB"],
    [2 ** 60, "1048576 TiB"]
  ] as const
) {
  it(`writes ${bytes} bytes as ${shown}`, () => assert.strictEqual(size(bytes), shown))
}

for (const [seconds, shown] of [[0, "0:00"], [0.2, "0:01"], [59.5, "1:00"], [72, "1:12"], [4325, "1:12:05"]] as const) {
  it(`writes ${seconds} seconds as ${shown}`, () => assert.strictEqual(time(seconds), shown))
}

const mebibyte = 1_048_576
const total = 4 * mebibyte

/** Two seconds after its first mebibyte, a download has two. */
const half = (total: number | undefined): Transfer =>
  advance(advance(begin("song.txt", 0), { bytes: mebibyte, total }, 1000), { bytes: 2 * mebibyte, total }, 3000)

it("knows the rate since the first bytes, and none before there was time", () => {
  assert.strictEqual(rate(half(total)), mebibyte / 2)
  assert.strictEqual(rate(advance(begin("x", 0), { bytes: 5 }, 1000)), undefined)
})
