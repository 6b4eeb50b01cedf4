/** `peerage pyile`: hosts or joins a password-protected chat network, and sits in its room. */
import { Command } from "effect/cli"
import { examplesOf } from "../Flags.ts"
import * as About from "./About.ts"
import * as PyileHost from "./PyileHost.ts"
import * as PyileJoin from "./PyileJoin.ts"

const host = PyileHost.command({
  name: "peerage pyile host",
  about: "Host a network: admit peers by password, watch over them, and chat",
  secure: false,
  joins: "pyile join",
  examples: {
    "peerage pyile host": "Host for everybody who can reach this machine, with a passphrase made up",
    "peerage pyile host --listen 127.0.0.1:4702 --password-file secret.txt --bans bans.json":
      "Host for this machine only, with a password from a file, and remember bans",
    "peerage pyile host --secure": "Encrypt everything, as peerage host does; originals cannot join then"
  }
})

const join = PyileJoin.command({
  name: "peerage pyile join",
  about: "Join a network with its password, see who is there, and chat",
  secure: false,
  argument: "HOST[:PORT]",
  examples: {
    "peerage pyile join 192.0.2.1": "Join the host at 192.0.2.1:4702; the password is asked for",
    "PEERAGE_PASSWORD=secret peerage pyile join host.example:4702 --alias bob --reconnect":
      "Join as bob with the password from the environment, and come back after a lost connection"
  }
})

/** The command. */
export const command = About.begin("pyile").pipe(
  Command.withExamples(examplesOf({ "peerage pyile host": "Host a network" })),
  Command.withSubcommands([host, join])
)
