/** What a host says first: where it listens, the passphrase it made up, and the command with which others join. */
import { Config, Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { networkInterfaces } from "node:os"

/** A host to join. */
export interface Invitation {
  readonly address: NetAddress.InetAddress
  readonly advertise: string | undefined
  /** A passphrase that was made up, to be shown; one that was given is known already. */
  readonly passphrase: string | undefined
}

const variable = (name: string) => Config.withDefault(Config.String(name), "")

/** How this command was called, as far as it can be told: by a script of its repository, by npx, or by its name. */
export const invoked: Effect.Effect<string> = Config.all({
  home: variable("npm_package_name"),
  event: variable("npm_lifecycle_event"),
  command: variable("npm_command")
}).pipe(
  Effect.map(({ command, event, home }) =>
    home === "peerage-workspace" && event !== "" && event !== "npx"
      ? "npm run -s peerage --"
      : command === "exec"
      ? "npx peerage"
      : "peerage"
  ),
  Effect.orElseSucceed(() => "peerage")
)

/** Where others in the same network find this machine; itself where it is in none. */
const outside = (): string =>
  Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1"

/** The lines of it. */
export const lines = (
  command: string,
  { address, advertise, passphrase }: Invitation
): ReadonlyArray<string> => {
  const host = advertise ?? (NetAddress.isUnspecified(address.address) ? outside() : NetAddress.formatHost(address))
  return [
    `Listening at ${NetAddress.formatInet(address)}. Join from another terminal:`,
    `  ${command} pyile join ${host}:${address.port}${passphrase === undefined ? "" : ` --password ${passphrase}`}`,
    ...(passphrase === undefined ? [] : [`The passphrase, shown this once: ${passphrase}`]),
    "Nothing here is encrypted, neither the password nor what is said. /help lists the commands, /exit leaves."
  ]
}
