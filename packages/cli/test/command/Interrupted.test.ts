/** Commands that are asked to end before they are done. */
import { assert } from "@effect/vitest"
import { Simulation } from "@peerage/transport"
import { Effect } from "effect"
import { folder } from "../Folder.ts"
import { here, start, tested } from "./InProcess.ts"

const interrupted = Effect.fnUntraced(function*(args: ReadonlyArray<string>) {
  const command = yield* start(args)
  yield* command.hangUp
  yield* Simulation.settle
  yield* command.leave
  return { code: yield* command.ends, stdout: command.stdout(), stderr: command.stderr() }
})

for (
  const [args, sentence] of [
    ["pyrate search song.txt --wait 10s --bootstrap", "the search was not over. --wait makes it shorter"],
    ["pyrate search song.txt --wait 10s --json --bootstrap", "the search was not over. --wait makes it shorter"],
    ["peerpy discover --interface 127.0.0.1 --wait 10s", "not all had time to answer. --wait makes it shorter"],
    ["demo", "the demo was not over"]
  ] as const
) {
  tested(`says what is not done, and ends with 1: ${args}`, function*() {
    const node = yield* here.bootstrapping()
    yield* here.sharing(node.address, yield* folder())
    const words = args.split(" ")
    const { code, stderr, stdout } = yield* interrupted(args.endsWith("bootstrap") ? [...words, node.address] : words)
    assert.deepStrictEqual([code, stderr], [1, `Interrupted: ${sentence}.\n`])
    if (args.includes("--json")) assert.match(stdout, /"event":"Failed",.*"reason":"Interrupted"/)
  })
}
