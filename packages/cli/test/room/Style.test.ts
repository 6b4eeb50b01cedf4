/** Colours as a terminal gets them, and tables. */
import { assert, it } from "@effect/vitest"
import { ansi, dayAndTime, none, table, timeOfDay } from "../../src/room/Style.ts"

for (
  const [name, on, off] of [["bold", 1, 22], ["dim", 2, 22], ["red", 31, 39], ["green", 32, 39], [
    "yellow",
    33,
    39
  ]] as const
) {
  it(`sets ${name} on and off again`, () => {
    assert.strictEqual(ansi[name]("x"), `\u001B[${on}mx\u001B[${off}m`)
    assert.strictEqual(none[name]("x"), "x")
  })
}

it("keeps columns of a table of any width even", () => {
  const rows = [["a", "1", "x"], ["long", "22", "y"]]
  assert.deepStrictEqual(table(none, ["ID", "N", "LAST"], rows), ["ID    N   LAST", "a     1   x", "long  22  y"])
})

it("shows times as the clock on the wall has them", () => {
  const date = new Date("2026-07-01T21:30:05.000Z")
  const two = (value: number) => String(value).padStart(2, "0")
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join("-")
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")
  assert.strictEqual(dayAndTime(date.toISOString()), `${day} ${time}`)
  assert.strictEqual(timeOfDay(date.getTime()), time)
})
