/** What others need to come: how this command was called, and where they find this machine. Knows no protocol. */
import { Config, Effect, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { networkInterfaces } from "node:os"

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

const loopback = "127.0.0.1"

/** This machine's IPv4 address on its network, the first of several; that of the loopback where there is none. */
export const ownAddress = (): string =>
  Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? loopback

/** This machine's address on the way to another: whoever is reached over the loopback needs no other. */
export const ownAddressTowards = (address: string): string =>
  Result.match(NetAddress.inetAddressFromString(address), {
    onFailure: ownAddress,
    onSuccess: (inet) => NetAddress.isLoopback(inet.address) ? loopback : ownAddress()
  })

/** The host at which others in the same network find a listener; one at every address, at an address of this machine. */
export const hostFor = (address: NetAddress.InetAddress): string =>
  NetAddress.isUnspecified(address.address) ? ownAddress() : NetAddress.formatHost(address)
