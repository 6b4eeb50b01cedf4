/** What somebody writes into the dialog of a link, as what changes. */
import { assert, it } from "@effect/vitest"
import { changed } from "../../../web/simulation/settings.ts"

const now = { latency: 20, jitter: 0, loss: 0.07, bandwidth: 5000 }
const same = { latency: "20", jitter: "0", loss: "7", bandwidth: "5000" }
const { bandwidth: _, ...unbounded } = now
const { bandwidth: __, ...emptied } = same

it.each([
  ["nothing", same, now, {}],
  ["a latency and a share", { ...same, latency: "30", loss: "0,5" }, now, { latency: 30, loss: 0.005 }],
  ["the bandwidth", { ...same, bandwidth: "100" }, now, { bandwidth: 100 }],
  ["a bandwidth that is emptied, which has no bound then", emptied, now, { bandwidth: "unlimited" }],
  ["no bandwidth that is empty as it was", emptied, unbounded, {}],
  ["a bandwidth of 0", { ...same, bandwidth: "0" }, now, "Nothing passes without bytes: cut the link for that."],
  ["a word", { ...same, latency: "slow" }, now, "Latency in ms: this takes a number from 0 on, such as 20."]
])("changes %s", (_, values, now, outcome) => {
  assert.deepStrictEqual(changed(values, now), outcome)
})
