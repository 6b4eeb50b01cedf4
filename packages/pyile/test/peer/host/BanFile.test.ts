import { assert, describe, it } from "@effect/vitest"
import { Keyed } from "@peerage/testing"
import { Result } from "effect"
import * as BanFile from "../../../src/peer/host/BanFile.ts"

const line = (host: number, reason = "noisy") => JSON.stringify({ network: `10.0.0.${host}/32`, reason })
const lifted = (host: number) => JSON.stringify({ lifted: `10.0.0.${host}/32` })
const key = Keyed.keyOf(7)
const keyLine = JSON.stringify({ key, reason: "noisy" })
const keyLifted = JSON.stringify({ lifted: key })
const text = (...lines: ReadonlyArray<string>) => lines.map((line) => `${line}\n`).join("")

const networks = (bans: Iterable<BanFile.Ban>) => Array.from(bans, BanFile.nameOf)

const read = (text: string) =>
  Result.match(BanFile.read(text), {
    onFailure: (reason) => reason,
    onSuccess: ({ bans, isOpen }) => ({ bans: networks(bans).join(), isOpen })
  })

describe("a ban file", () => {
  it.each([
    ["a line for each ban", text(line(1), line(2)), "10.0.0.1/32,10.0.0.2/32", true],
    ["the list of earlier versions", `[${line(1)},${line(2)}]`, "10.0.0.1/32,10.0.0.2/32", false],
    ["a list in several lines", `[\n  ${line(1)},\n  ${line(2)}\n]\n`, "10.0.0.1/32,10.0.0.2/32", false],
    ["a list, and lines behind it", text(`[${line(1)}]`, line(2)), "10.0.0.1/32,10.0.0.2/32", true],
    ["no bans", text("[]"), "", true],
    ["a ban that was lifted", text(line(1), line(2), lifted(1)), "10.0.0.2/32", true],
    ["one that was lifted and came back", text(line(1), line(2), lifted(1), line(1)), "10.0.0.2/32,10.0.0.1/32", true],
    ["a ban of a key", text(line(1), keyLine), `10.0.0.1/32,${key}`, true],
    ["a ban of a key that was lifted", text(keyLine, line(1), keyLifted), "10.0.0.1/32", true],
    ["blank lines", `${text(line(1))}\n\n${text(line(2))}`, "10.0.0.1/32,10.0.0.2/32", true],
    ["a last line without its newline", `${text(line(1))}${line(2)}`, "10.0.0.1/32,10.0.0.2/32", false],
    ["a last line that was cut", `${text(line(1))}${line(2).slice(0, 20)}`, "10.0.0.1/32", false]
  ])("is read: %s", (_, text, bans, isOpen) => {
    assert.deepStrictEqual(read(text), { bans, isOpen })
  })

  it.each([
    ["nothing", ""],
    ["no JSON", "banned: everybody"],
    ["a line in the middle that was cut", text(line(1).slice(0, 20), line(2))],
    ["a whole last line that is no ban", text(line(1), "{}")],
    ["no key", text(JSON.stringify({ key: `${key}A`, reason: "" }))],
    ["an impossible network", text(JSON.stringify({ network: "10.0.0.0/99", reason: "" }))]
  ])("is not read: %s", (_, text) => {
    assert.strictEqual(read(text), "Unreadable")
  })

  it("gets a line for each change, and none for what stays", () => {
    const bans = (text: string) => Result.getOrThrow(BanFile.read(text)).bans
    const before = bans(text(line(1), line(2), line(3)))
    const other = bans(text(line(2, "other"), line(4)))
    // Without the first, and with another for the second.
    const now = new Set([...before].slice(2).concat([...other]))
    assert.deepStrictEqual(BanFile.changes(before, before), [])
    assert.deepStrictEqual(
      BanFile.changes(before, now),
      [lifted(1), line(2, "other"), line(4)].map((line) => `${line}\n`)
    )
    const after = bans(text(line(1), line(2), line(3)) + BanFile.changes(before, now).join(""))
    assert.deepStrictEqual(networks(after).sort(), networks(now).sort())
    assert.strictEqual(BanFile.all([...before]), text(line(1), line(2), line(3)))
    assert.strictEqual(BanFile.all([]), text("[]"))
  })

  it("gets a line for a ban of a key, and for the one that was lifted", () => {
    const bans = (text: string) => Result.getOrThrow(BanFile.read(text)).bans
    const both = bans(text(line(1), keyLine))
    assert.strictEqual(BanFile.all([...both]), text(line(1), keyLine))
    const kept = new Set([...both].slice(0, 1))
    assert.deepStrictEqual(BanFile.changes(kept, both), [`${keyLine}\n`])
    assert.deepStrictEqual(BanFile.changes(both, kept), [`${keyLifted}\n`])
  })
})
