/**
 * The commands of Pyrate rooms, of a peer that shares and of a bootstrap. Any of them works without its slash, in any
 * case, and those of the original in its form as well.
 *
 *     GET 10.0.0.2 5005 song.txt          as in the original
 *     /get 10.0.0.2:5005 song.txt         the same
 *     /get 10.0.0.2:5005 our song.txt     a name is the rest of the line, with or without quotes
 */
import type { Journal } from "@peerage/console/Journal"
import { printable } from "@peerage/console/Printable"
import { workOf } from "@peerage/console/Work"
import type { BootstrapNode } from "@peerage/pyrate"
import type { PeerAddress } from "@peerage/transport"
import { Effect, identity, SubscriptionRef } from "effect"
import { type Command, leave, nothing, roomCommand } from "../room/Command.ts"
import { type CommandTable, find, unknown } from "../room/CommandTable.ts"
import type { View } from "../room/Narrate.ts"
import * as Shared from "../room/SharedCommands.ts"
import { counted, listed, table } from "../room/Style.ts"
import { first } from "../room/Words.ts"
import { fileCommands, logged, originals, type SharingRoom } from "./FileCommands.ts"
import type { Event } from "./Narrate.ts"

const command = roomCommand<SharingRoom, View, Event>()

const peers = Shared.peers({
  does: "who is there, as PEERS",
  idOf: identity<PeerAddress.PeerAddress>,
  away: ({ peer }: SharingRoom) => Shared.isAway(peer.status)
})

const getpeers = command({
  usage: "/getpeers",
  does: "ask the bootstrap who is there, as GETPEERS",
  parse: nothing,
  answers: ["Peers"],
  run: (_, room, typed) =>
    Effect.tapError(room.peer.refresh, logged(room, typed)).pipe(
      Effect.andThen(SubscriptionRef.get(room.peer.peers)),
      Effect.map((peers) => [{ _tag: "Peers", peers }])
    )
})

const shared = ({ peer }: SharingRoom) =>
  Effect.map(SubscriptionRef.get(peer.files), (files) => [{ _tag: "Shared", files } as const])

const files = command({
  usage: "/files",
  does: "what you share",
  parse: nothing,
  answers: ["Shared"],
  run: (_, room) => shared(room),
  show: ({ files }) =>
    listed(
      `You share ${counted(files.length, "file")}:`,
      files.map(printable),
      "You share nothing: there are no plain files in the folder. /log says more."
    )
})

const rescan = command({
  usage: "/rescan",
  does: "look at the shared folder again",
  parse: nothing,
  answers: ["Shared"],
  run: (_, room) => Effect.andThen(room.peer.rescan, shared(room))
})

const commands = command({
  usage: "/commands",
  does: "what is being done, and what waits",
  parse: nothing,
  answers: ["Commands"],
  run: (_, { peer }) =>
    Effect.map(peer.commands, (commands) => [{
      _tag: "Commands",
      commands: commands.map(({ _tag: direction, kind, peer }) => ({ direction, kind, peer }))
    }]),
  show: ({ commands }, { style }) =>
    commands.length === 0
      ? ["Nothing is being done."]
      : table(
        style,
        ["PEER", "WORK"],
        commands.map((command) => [printable(command.peer), workOf(command)])
      )
})

/** Quirk: the original leaves when all of its commands are done, and scripts written for it rely on that. */
const quit = command({
  usage: "/quit",
  does: "leave when downloads and searches are done, as QUIT",
  parse: nothing,
  answers: ["Leaving"],
  run: Effect.fnUntraced(function*(_: undefined, { jobs, leaveWhenIdle }: SharingRoom) {
    const waitsFor = yield* jobs.size
    if (waitsFor === 0) return leave
    return yield* Effect.as(leaveWhenIdle, [{ _tag: "Leaving", waitsFor } as const])
  }),
  show: ({ waitsFor }) => [
    `Leaving when ${counted(waitsFor, "command")} ${waitsFor === 1 ? "is" : "are"} done; /exit leaves at once.`
  ]
})

const log = Shared.log("INFO", "WARNING")
const exit = Shared.exit("leave at once")

const help = Shared.help(
  "The words of the original work, in any case: GET, LIST, SEARCH, PEERS, GETPEERS, QUIT. Besides:"
)

/** A table in which the names of commands need no slash. Without it they mean `originals` first. */
const slashless = <Room>(
  table: Pick<CommandTable<Room, View, Event>, "commands" | "hint">,
  originals: ReadonlyArray<Command<Room, View, Event>>
): CommandTable<Room, View, Event> => ({
  ...table,
  withoutSlash: (line) => {
    const [name, rest] = first(line.trim())
    return find([...originals, ...table.commands], `/${name}`)?.understand(rest) ?? unknown(name, table)
  }
})

/** The commands of a peer that shares. */
export const sharerTable = slashless<SharingRoom>({
  commands: [...fileCommands, peers, getpeers, files, rescan, commands, log, help, quit, exit],
  hint: "Try GET, LIST, SEARCH, PEERS, GETPEERS or QUIT; /help lists what else there is."
}, originals)

/** What the commands of a bootstrap work on. */
export interface BootstrapRoom {
  readonly peer: Pick<BootstrapNode.BootstrapService, "peers">
  readonly journal: Journal<Event>
}

const registered = Shared.peers<BootstrapRoom, PeerAddress.PeerAddress>({
  does: "who has registered",
  idOf: identity,
  away: () => Effect.succeed(false),
  words: {
    some: (count) => `${count} ${count === 1 ? "is" : "are"} registered:`,
    none: "Nobody has registered yet."
  }
})

/** The commands of a bootstrap. It has nothing to wait for, so QUIT leaves at once. */
export const bootstrapTable = slashless<BootstrapRoom>({
  commands: [registered, log, Shared.help(), exit],
  hint: "/help lists what there is."
}, [{ ...exit, name: "/quit" }])
