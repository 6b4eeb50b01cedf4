/**
 * A network of two machines, made of two network namespaces and a cable between them: for discovery, which is a
 * broadcast to everybody. Needs Linux and the rights to make it.
 */
import { Effect, type Scope } from "effect"
import { spawn, spawnSync } from "node:child_process"

/** A machine: its address, and the command that runs another command on it. */
export interface Machine {
  readonly address: string
  readonly prefix: ReadonlyArray<string>
}

const env = { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` }

const succeeds = (words: ReadonlyArray<string>): boolean => {
  const [command = "", ...args] = words
  return spawnSync(command, args, { env, stdio: "ignore" }).status === 0
}

/** Why this machine cannot make such a network. Empty where it can. */
export const missing = (): string =>
  succeeds(["unshare", "--net", "ip", "link", "add", "cable", "type", "veth"])
    ? ""
    : "no network namespaces can be made here: that needs Linux, its ip and unshare commands, and root's rights"

/** A namespace lives as long as a process in it, which here waits for the end of its standard input. */
const namespace = Effect.acquireRelease(
  Effect.sync(() => spawn("unshare", ["--net", "sh", "-c", "echo ready; exec cat"], { env })),
  (child) => Effect.sync(() => void child.kill("SIGKILL"))
).pipe(
  Effect.tap((child) =>
    Effect.callback<void>((resume) => {
      const failed = () => resume(Effect.die(new Error("unshare failed")))
      child.on("error", failed).on("exit", failed)
      child.stdout.once("data", () => resume(Effect.void))
    })
  ),
  Effect.map(({ pid }) => String(pid))
)

const inside = (pid: string): ReadonlyArray<string> => ["nsenter", "--target", pid, "--net"]

const ip = (pid: string, words: string): Effect.Effect<void> =>
  Effect.suspend(() =>
    succeeds([...inside(pid), "ip", ...words.split(" ")]) ? Effect.void : Effect.die(new Error(`ip ${words} failed`))
  )

/** Gives one end of the cable an address, and makes it the way to everywhere: originals ask the system for that. */
const connect = Effect.fnUntraced(function*(pid: string, address: string) {
  yield* ip(pid, "link set lo up")
  yield* ip(pid, `address add ${address}/24 dev cable`)
  yield* ip(pid, "link set cable up")
  yield* ip(pid, "route add default dev cable")
  const machine: Machine = { address, prefix: inside(pid) }
  return machine
})

/** Two machines, for the scope's life. */
export const make: Effect.Effect<readonly [Machine, Machine], never, Scope.Scope> = Effect.gen(function*() {
  const [first, second] = [yield* namespace, yield* namespace]
  yield* ip(first, `link add cable type veth peer name cable netns ${second}`)
  return [yield* connect(first, "10.77.0.1"), yield* connect(second, "10.77.0.2")]
})
