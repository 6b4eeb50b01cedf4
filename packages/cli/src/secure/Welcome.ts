/** What a command says about its encryption in the lines that it shows first. Pure. */
import type { Screen } from "../room/Screen.ts"
import type { Secured } from "./Encryption.ts"
import * as Invited from "./Invited.ts"
import { qrCode } from "./QrCode.ts"
import { lasting } from "./SecureCommands.ts"

const bye = "/help lists the commands, /exit leaves."

/** What follows the address at which a command listens. */
export const encrypted = (secured: Secured | undefined): string => secured === undefined ? "" : ", encrypted"

/** How others name a peer in their command: by its invitation where connections are encrypted, else by its address. */
export const named = (secured: Pick<Secured, "key" | "protocol"> | undefined, reached: string): string =>
  secured === undefined ? reached : Invited.text(secured, reached)

// The lines of a welcome that stay in sight beneath the code.
const beneath = 9

/** The invitation as a QR code, where there is a terminal with room for it and for the lines beneath. */
export const pictured = (
  secured: Secured | undefined,
  reached: string,
  { size }: Pick<Screen, "size">
): ReadonlyArray<string> =>
  secured === undefined || size === undefined
    ? []
    : qrCode(Invited.text(secured, reached), { ...size, rows: size.rows - beneath })

/** The passphrase that was made up, which others need; `keeping` says how it outlives the command. */
export const madeUp = (passphrase: string | undefined, secured: Secured | undefined, keeping: string) =>
  passphrase === undefined ? [] : [
    `The passphrase, shown this once: ${passphrase}`,
    ...(secured === undefined
      ? []
      : ["Tell it to your friends another way than the invitation, such as by telephone."]),
    `After a restart it is another one, ${keeping}`
  ]

/** The last lines: what is protected, or `plainly` what is not. */
export const closing = (secured: Secured | undefined, plainly: string): ReadonlyArray<string> =>
  secured === undefined ? [`${plainly} ${bye}`] : [
    `Everything${secured.plainDiscovery ? " but discovery" : ""} is encrypted. Your key is ${
      secured.fingerprint(secured.key)
    }.${lasting(secured)}`,
    bye
  ]
