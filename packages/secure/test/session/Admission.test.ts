/** Admission as a table: what follows from which frame in which state. */
import { assert, describe, it } from "@effect/vitest"
import { Cpace } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { Redacted } from "effect"
import * as Admission from "../../src/session/Admission.ts"
import { hex, lowOrder } from "../Layers.ts"

const { primitives } = NodeCrypto
const session = new Uint8Array(32).fill(7)
const begin = (role: Role, passphrase = "between us") => () =>
  Cpace.begin(primitives, { role, session, passphrase: Redacted.make(passphrase) })

const facts = (role: Role, more: Partial<Admission.Facts> = {}): Admission.Facts => ({
  known: () => false,
  judge: () => "Pass",
  begin: begin(role),
  ...more
})

type Role = "initiator" | "responder"

const described = (next: Admission.Next): string => {
  switch (next._tag) {
    case "Wait":
      return next.state.awaits
    case "Open":
      return `Open by ${next.by}`
    case "Refuse":
      return `Refuse ${next.reason}${next.guess ? ", a guess" : ""}`
    case "Refused":
      return `Refused ${next.reason}`
  }
}

const said = (next: Admission.Next): Uint8Array | undefined => {
  if (next._tag === "Wait" || next._tag === "Open") return next.say
  return next._tag === "Refuse" ? Admission.refusal(next.reason) : undefined
}

/** Runs both ends against each other, `meddle` in between: what each does, one after the other. */
const run = (
  ends: { readonly initiator: Admission.Facts; readonly responder: Admission.Facts },
  meddle: (frame: Uint8Array, step: number) => Uint8Array = (frame) => frame
) => {
  const states = { initiator: Admission.expected, responder: Admission.expected }
  const steps: Array<string> = []
  let role: Role = "initiator"
  let next = Admission.introduce(ends.initiator)
  for (;;) {
    steps.push(described(next))
    if (next._tag === "Wait") states[role] = next.state
    const frame = said(next)
    if (frame === undefined) return steps
    role = role === "initiator" ? "responder" : "initiator"
    next = Admission.read(states[role], meddle(frame, steps.length), ends[role])
  }
}

const both = (initiator: Partial<Admission.Facts>, responder: Partial<Admission.Facts>) => ({
  initiator: facts("initiator", initiator),
  responder: facts("responder", responder)
})

const known = { known: () => true }
const keysOnly = { begin: undefined }
const judged = (judge: Admission.Verdict) => ({ judge: () => judge })
const byPassphrase = ["Share", "Guess", "Tag", "Open by Passphrase", "Open by Passphrase"]

describe("admission", () => {
  it.each([
    ["two strangers with the same passphrase", both({}, {}), byPassphrase],
    ["two that know each other", both(known, known), ["Welcome", "Open by Key", "Open by Key"]],
    ["two that know each other, without a passphrase", both({ ...known, ...keysOnly }, { ...known, ...keysOnly }), [
      "Welcome",
      "Open by Key",
      "Open by Key"
    ]],
    ["an initiator that is not known", both(known, {}), ["Welcome", "Proof", ...byPassphrase]],
    ["an initiator that does not know the responder", both({}, known), byPassphrase],
    ["an initiator without a passphrase", both(keysOnly, {}), ["Refuse NotMember", "Refused NotMember"]],
    ["an initiator without one that is not known", both({ ...known, ...keysOnly }, {}), [
      "Welcome",
      "Proof",
      "Refuse NotMember",
      "Refused NotMember"
    ]],
    ["a responder without a passphrase", both({}, keysOnly), ["Share", "Refuse NotMember", "Refused NotMember"]],
    ["a responder without one that does not know it", both(known, keysOnly), [
      "Welcome",
      "Refuse NotMember",
      "Refused NotMember"
    ]],
    ["one that is banned", both(known, { ...known, ...judged("Banned") }), [
      "Welcome",
      "Refuse Banned",
      "Refused Banned"
    ]],
    ["one of those that guess", both({}, judged("TooManyGuesses")), [
      "Share",
      "Refuse TooManyGuesses",
      "Refused TooManyGuesses"
    ]],
    ["one of too many", both({}, judged("Busy")), ["Share", "Refuse Busy", "Refused Busy"]],
    ["a wrong passphrase", both({ begin: begin("initiator", "wrong") }, {}), [
      "Share",
      "Guess",
      "Tag",
      "Refuse WrongPassphrase, a guess",
      "Refused WrongPassphrase"
    ]]
  ])("of %s", (_, ends, steps) => assert.deepStrictEqual(run(ends), steps))

  it("judges again before it looks at a tag: others may have guessed meanwhile", () => {
    let asked = 0
    const ends = both({ begin: begin("initiator", "wrong") }, {
      judge: () => asked++ === 0 ? "Pass" : "TooManyGuesses"
    })
    assert.deepStrictEqual(run(ends).slice(3), ["Refuse TooManyGuesses", "Refused TooManyGuesses"])
  })

  it("finds out a responder that does not know the passphrase, and counts no guess for it", () => {
    const wrongTag = (frame: Uint8Array, step: number) => step === 4 ? frame.with(9, (frame[9] ?? 0) ^ 1) : frame
    assert.deepStrictEqual(run(both({}, {}), wrongTag).slice(4), ["Refuse WrongPassphrase", "Refused WrongPassphrase"])
  })

  it("takes a reflected tag for a wrong one", () => {
    let own: Uint8Array | undefined
    const reflect = (frame: Uint8Array, step: number) => {
      if (step === 3) own = frame
      return step === 4 ? own ?? frame : frame
    }
    assert.strictEqual(run(both({}, {}), reflect)[4], "Refuse WrongPassphrase")
  })

  it.each(lowOrder)("refuses the share %s, at either end", (point) => {
    const share = (frame: Uint8Array, step: number) => {
      const [head, bytes] = [frame.length - 32, hex(point)]
      return step < 3 ? Uint8Array.from([...frame.subarray(0, head), ...bytes]) : frame
    }
    assert.strictEqual(run(both({}, {}), share)[1], "Refuse ProtocolViolation")
    assert.strictEqual(
      run(both({}, {}), (frame, step) => step === 2 ? share(frame, step) : frame)[2],
      "Refuse ProtocolViolation"
    )
  })

  it("takes nothing else than what it waits for, at any cut or length", () => {
    run(both({}, {}), (frame, step) => {
      const role: Role = step % 2 === 1 ? "responder" : "initiator"
      const states: ReadonlyArray<Admission.State> = [{ awaits: "Intro" }, { awaits: "Proof" }, { awaits: "Welcome" }]
      for (let cut = 0; cut < frame.length; cut++) {
        for (const state of states) {
          const next = Admission.read(state, frame.subarray(0, cut), facts(role))
          assert.strictEqual(described(next), "Refuse ProtocolViolation")
        }
      }
      for (const state of states) {
        const longer = Uint8Array.from([...frame, 0])
        assert.strictEqual(described(Admission.read(state, longer, facts(role))), "Refuse ProtocolViolation")
      }
      return frame
    })
  })

  it("does not let PROVE be answered with another INTRO 1", () => {
    const next = Admission.read({ awaits: "Proof" }, Uint8Array.of(0x10, 1), facts("responder", known))
    assert.strictEqual(described(next), "Refuse ProtocolViolation")
  })
})
