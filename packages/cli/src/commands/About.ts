/** What the help of `peerage` says about each command, apart from the commands, which take a while to load. */
import { Command } from "effect/cli"

/** One sentence for each. */
export const sentences = {
  host: "Host an encrypted chat for friends: prints an invitation, and makes a passphrase up",
  join: "Join an encrypted chat with its invitation and its passphrase",
  key: "Make or show the key of a file, by which others know you",
  demo: "Watch a host and two joiners over real TCP: join, chat, wrong password, kick, leave, ban",
  simulate: "Run a whole network in simulated time: cut it, kill hosts, and see what each of them saw",
  pyile: "Password-protected chat networks, compatible with pyile-protocol 0.1",
  chat:
    "Chat by id in a network without a host, compatible with p2p-chat: messages find their way over the peers between",
  peerpy: "Typed connections and peers on the local network, compatible with peerpy 1.2",
  pyrate: "File sharing by a bootstrap, search and download, compatible with pyrate"
} as const

/** Begins a command: its name, and its sentence in the help. */
export const begin = <const Name extends keyof typeof sentences>(name: Name) =>
  Command.make(name).pipe(Command.withDescription(sentences[name]))

/** Where to begin: commands to type, each with what it does. */
export const examples = {
  "peerage host": "Chat with friends, encrypted, with a passphrase made up",
  "peerage demo": "See everything once",
  "peerage simulate": "See what a whole network does when things go wrong, in seconds",
  "peerage pyile host": "Host a network that the original pyile-protocol can join, in plain text",
  "peerage chat 0.0.0.0:5000": "Begin a chat network that needs no host",
  "peerage peerpy discover": "See which peers are on the local network",
  "peerage pyrate bootstrap": "Be where peers that share files find each other"
}
