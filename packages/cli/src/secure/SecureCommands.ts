/** The commands that every room has more where its connections are encrypted. */
import { Console, Effect, Result } from "effect"
import { nothing, roomCommand } from "../room/Command.ts"
import type { View } from "../room/Narrate.ts"
import type { Screen } from "../room/Screen.ts"
import type { Secured } from "./Encryption.ts"
import * as Invited from "./Invited.ts"
import { qrCode } from "./QrCode.ts"
import type { SecureEvent } from "./SecureNarrate.ts"

const command = roomCommand<unknown, View, SecureEvent>()

/** A room whose connections are encrypted. */
export interface SecureRoom {
  readonly secured: Secured
  readonly screen: Screen
  /** Where others reach this peer, as `host:port`; `undefined` where nobody can join it. */
  readonly reached: string | undefined
}

/** The invitation to a peer as an event. */
export const invitationOf = (secured: Secured, reached: string) => ({
  _tag: "Invitation",
  invitation: Invited.text(secured, reached),
  key: secured.key,
  fingerprint: secured.fingerprint(secured.key),
  kept: secured.kept
} as const)

/** What there is to say about a key that is gone after a restart. */
export const lasting = ({ kept }: { readonly kept: boolean }): string =>
  kept ? "" : " It is another one after a restart; start with --identity FILE to keep it."

const invite = ({ reached, screen, secured }: SecureRoom) =>
  command({
    usage: "/invite",
    does: "the invitation with which others join, as a text and as a QR code",
    parse: nothing,
    answers: ["Invitation"],
    run: () =>
      reached === undefined
        ? Effect.fail({ reason: "NotListening", message: "Nobody can join here. Ask the host for its invitation." })
        : Effect.succeed([invitationOf(secured, reached)]),
    show: (event) => [
      ...(screen.size === undefined ? [] : qrCode(event.invitation, screen.size)),
      `Invitation: ${event.invitation}`,
      `Your key is ${event.fingerprint}.${lasting(event)}`
    ]
  })

/** In a network with a host its members let in whom it lists, so that it alone has a passphrase to change. */
const hasHost = ({ secured }: SecureRoom) => secured.protocol === "pyile"

const rotate = (room: SecureRoom) =>
  command({
    usage: "/rotate [PASSPHRASE]",
    does: "change the passphrase for those who come from now on; whoever is here stays",
    secret: true,
    parse: (rest) => Result.succeed(rest.trim() === "" ? undefined : rest.trim()),
    answers: ["Rotated"],
    run: Effect.fnUntraced(function*(passphrase: string | undefined) {
      if (hasHost(room) && room.reached === undefined) {
        const message = "Only the host can change the passphrase of this network."
        return yield* Effect.fail({ reason: "HostOnly", message })
      }
      const madeUp = yield* room.secured.rotate(passphrase)
      const shown = room.screen.kind === "Json" ? Console.error : Console.log
      if (madeUp !== undefined) yield* shown(`The new passphrase, shown this once: ${madeUp}`)
      return [{ _tag: "Rotated" } as const]
    }),
    show: () =>
      hasHost(room) ? ["New peers need the new passphrase from now on. Whoever is here stays."] : [
        "New peers need the new passphrase from now on. Tell it to everybody who stays, but not here:",
        "each of them types /rotate with it, or newcomers and they do not admit each other."
      ]
  })

/** The commands. */
export const secureCommands = (room: SecureRoom) => [invite(room), rotate(room)] as const
