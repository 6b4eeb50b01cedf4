/** Bars of files on their way, as a table. */
import { assert, it } from "@effect/vitest"
import { advance, begin, type Transfer as Progress } from "@peerage/console/Transfer"
import type { Transfer } from "@peerage/console/Transfers"
import { line } from "../../src/pyrate/Bar.ts"
import { ansi, none } from "../../src/room/Style.ts"

const mebibyte = 1_048_576
const total = 4 * mebibyte

/** Two seconds after its first mebibyte, a download has two. */
const half = (total: number | undefined): Progress =>
  advance(advance(begin("song.txt", 0), { bytes: mebibyte, total }, 1000), { bytes: 2 * mebibyte, total }, 3000)

const fetched = (progress: Progress): Transfer => ({ direction: "in", peer: "10.0.0.2:5005", progress })
const sent = (progress: Progress): Transfer => ({ direction: "out", peer: "10.0.0.3:49152", progress })

for (
  const [title, transfer, columns, shown] of [
    [
      "bytes, rate and time left",
      half(total),
      100,
      `song.txt  ${"█".repeat(15)}${"░".repeat(15)}   50%  2.0 MiB of 4.0 MiB  512 KiB/s  0:04 left`
    ],
    ["a shorter bar", half(total), 70, "song.txt  █████░░░░░░   50%  2.0 MiB of 4.0 MiB  512 KiB/s  0:04 left"],
    [
      "no time left where there is no room",
      half(total),
      58,
      "song.txt  █████░░░░░   50%  2.0 MiB of 4.0 MiB  512 KiB/s"
    ],
    ["no bar where there is no total", half(undefined), 100, "song.txt  2.0 MiB  512 KiB/s"],
    [
      "the floor where there is one",
      advance(half(undefined), { bytes: 2 * mebibyte, least: 2048 }, 3000),
      100,
      "song.txt  2.0 MiB  512 KiB/s, at least 2.0 KiB/s"
    ],
    [
      "no rate at first",
      advance(begin("a", 0), { bytes: total, total }, 5),
      40,
      "a  ██████████  100%  4.0 MiB of 4.0 MiB"
    ],
    ["that nothing has come yet", begin("song.txt", 0), 80, "song.txt  waiting for the first bytes"]
  ] as const
) {
  it(`shows ${title}`, () => assert.strictEqual(line(none, fetched(transfer), columns), shown))
}

it("shows who gets what is sent", () =>
  assert.strictEqual(
    line(none, sent(half(total)), 100),
    `song.txt to 10.0.0.3:49152  ${"█".repeat(11)}${"░".repeat(12)}   50%  2.0 MiB of 4.0 MiB  512 KiB/s  0:04 left`
  ))

it("is never as long as the terminal is wide, whatever the name, the numbers and the width are", () => {
  const long = { ...half(total), name: "a song with a name that is longer than most.flac" }
  for (let columns = 1; columns < 200; columns++) {
    for (
      const transfer of [half(total), long, half(undefined), begin(long.name, 0)].flatMap((
        one
      ) => [fetched(one), sent(one)])
    ) {
      const bare = line(ansi, transfer, columns).replace(/\u001B\[\d+m/g, "")
      assert.isAtMost(bare.length, Math.max(columns - 1, 0), `${columns}: ${bare}`)
    }
  }
})
