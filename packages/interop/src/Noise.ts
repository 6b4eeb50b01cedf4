/**
 * Noise peers that others wrote: `snow` in Rust, built once into the user's own cache folder, and `noiseprotocol` in
 * Python. `python/noise_peer.py` and `rust/src/main.rs` drive them, with the same arguments and lines.
 */
import { Result, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { homedir } from "node:os"
import { join } from "node:path"
import { programs } from "./Environment.ts"

const minute = 60_000
const crate = join(import.meta.dirname, "..", "rust")

/** There is no peer on snow, and why: one sentence. */
export class NoSnow extends Schema.TaggedError<NoSnow>()("NoSnow", { reason: Schema.String }) {
  override get message() {
    return this.reason
  }
}

/** Where to build it, and with what. */
export interface SnowOptions {
  /** Default: `INTEROP_CARGO` from the environment, else cargo. */
  readonly command?: string | undefined
  readonly folder?: string | undefined
  /** Environment variables besides the process's own: cargo takes its settings from there. */
  readonly variables?: Readonly<Record<string, string>> | undefined
}

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "peerage-interop", "rust")

/** The path of a program on snow. Takes some seconds the first time, 5 minutes at most. */
export const prepareSnow = (options: SnowOptions = {}): Result.Result<string, NoSnow> => {
  const { command = process.env["INTEROP_CARGO"] ?? "cargo", folder = cache, variables = {} } = options
  const env = { ...process.env, ...variables, CARGO_TARGET_DIR: folder }
  const run = (args: ReadonlyArray<string>) =>
    spawnSync(command, args, { stdio: "ignore", timeout: 5 * minute, cwd: crate, env }).status === 0
  if (!run(["--version"])) return Result.fail(new NoSnow({ reason: `there is no ${command} here.` }))
  if (!run(["build", "--release", "--locked"])) {
    return Result.fail(
      new NoSnow({ reason: `snow cannot be built: its crates are not reachable, or ${command} cannot compile them.` })
    )
  }
  return Result.succeed(join(folder, "release", process.platform === "win32" ? "noise-peer.exe" : "noise-peer"))
}

/** The beginning of a command line that starts the peer on noiseprotocol. */
export const onPython = (python: string): ReadonlyArray<string> => [python, join(programs, "noise_peer.py")]

/** A whole session with fixed secrets. All bytes are hexadecimal. */
export interface Session {
  readonly suite: "ChaChaPoly" | "AESGCM"
  readonly prologue: string
  /** Records of a direction from one rekey to the next. */
  readonly interval: number
  /** The initiator's static and ephemeral secret, then the responder's. */
  readonly secrets: readonly [string, string, string, string]
  /**
   * How long the records are, those with an even number the initiator's. Byte `i` of record `n` is `n + i`, of which the
   * lowest 8 bits count.
   */
  readonly lengths: ReadonlyArray<number>
}

const secrets = (digits: string): Session["secrets"] => {
  const [first = "", second = "", third = "", fourth = ""] = digits.split(" ").map((two) => two.repeat(32))
  return [first, second, third, fourth]
}

/** One record is larger than a block of anything, most are around one. */
const spoken = (suite: Session["suite"], prologue: string): Session => ({
  suite,
  prologue,
  interval: 3,
  secrets: secrets("01 23 45 67"),
  lengths: [0, 0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1000, 3, 3, 3]
})

/** The sessions of the fixture. */
const sessions: ReadonlyArray<Session> = [
  // "PEERSEC1peerage" and "PEERSEC2peerage", as they are spoken.
  spoken("ChaChaPoly", "504545525345433170656572616765"),
  spoken("AESGCM", "504545525345433270656572616765"),
  { suite: "ChaChaPoly", prologue: "", interval: 65_536, secrets: secrets("9f 00 ff 80"), lengths: [5, 5, 5, 5] },
  { suite: "AESGCM", prologue: "", interval: 65_536, secrets: secrets("80 9f 00 ff"), lengths: [5, 5, 5, 5] }
]

/** What comes of a session. */
const Outcome = Schema.Struct({
  messages: Schema.Array(Schema.String),
  hash: Schema.String,
  records: Schema.Array(Schema.String)
})

/** Has a peer run a session with itself. Throws when it cannot. */
const run = ([command = "", ...args]: ReadonlyArray<string>, session: Session): typeof Outcome.Type => {
  const { interval, lengths, prologue, secrets, suite } = session
  const vectors = ["vectors", suite, prologue, `${interval}`, ...secrets, ...lengths.map((length) => `${length}`)]
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" }
  const { stderr, stdout } = spawnSync(command, [...args, ...vectors], { encoding: "utf8", env })
  if (stdout === "") throw new Error(stderr)
  return Schema.decodeSync(Schema.fromJsonString(Outcome))(stdout)
}

/** The fixture, as one of the peers makes it. */
export const fixture = (command: ReadonlyArray<string>): string =>
  `${JSON.stringify(sessions.map((session) => ({ ...session, ...run(command, session) })), undefined, 2)}\n`

/** Where it is kept. */
export const fixturePath = join(import.meta.dirname, "..", "..", "secure", "test", "fixtures", "noise.json")
