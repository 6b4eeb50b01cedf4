/** What somebody writes is text, or any value behind `/json`. */
import { assert, it } from "@effect/vitest"
import type { Ability } from "../../src/api/About.ts"
import { matching } from "../../web/state/matching.ts"
import { read } from "../../web/state/writing.ts"

const field = (name: string, kind: "text" | "json") => ({ name, kind, label: name, optional: true })
const send = (...fields: Ability["fields"]): Ability => ({
  name: "send",
  label: "Send",
  on: "member",
  fields,
  confirms: false,
  harsh: false
})
const both = send(field("text", "text"), field("value", "json"))

it("takes text as it is, even where it looks like a value", () => {
  assert.deepStrictEqual(read(both, "{\"n\": 1} </b>"), { field: "text", value: "{\"n\": 1} </b>" })
})

it("takes what stands behind /json as a value", () => {
  assert.deepStrictEqual(read(both, "/json {\"n\": [1, null]}"), { field: "value", value: "{\"n\": [1, null]}" })
})

it("says what is wrong with a value that is none", () => {
  const written = read(both, "/json hello")
  assert.include("wrong" in written ? written.wrong : "", "needs quotes")
})

it("says that only text can be said where there is no field for values", () => {
  assert.deepStrictEqual(read(send(field("text", "text")), "/json 1"), { wrong: "Only text can be said here." })
})

it("finds what all words stand in, in any order and case", () => {
  const line = (label: string, detail: string) => ({ id: label, label, detail, run: () => undefined })
  const all = [line("Kick ada", "10.0.0.2:1"), line("Ban ada", "10.0.0.2:1"), line("Ban grace", "10.0.0.3:1")]
  const found = (text: string) => matching(all, text).map(({ label }) => label)
  assert.deepStrictEqual(found("ADA ban"), ["Ban ada"])
  assert.deepStrictEqual(found("0.3"), ["Ban grace"])
  assert.deepStrictEqual(found(""), ["Kick ada", "Ban ada", "Ban grace"])
  assert.deepStrictEqual(found("nobody"), [])
})
