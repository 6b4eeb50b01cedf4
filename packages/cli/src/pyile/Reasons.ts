/** The library's reasons, which are tags of errors, in words for the middle of a sentence. */
import { wording } from "../before/Reasons.ts"

/** A reason in words; one without words as it is. */
export const inWords: (reason: string) => string = wording([
  ["Banned", "banned"],
  ["Kicked", "removed by the host"],
  ["Replaced", "joined again from the same address"],
  ["Unlisted", "gone from the host's list"],
  ["DistributionLost", "the connection for peer lists ended"],
  ["SlowReader", "it did not read its peer lists"],
  ["NotAMember", "not in this network"],
  ["WrongPassword", "wrong password"],
  ["ForeignAddress", "it claimed somebody else's address"],
  ["NoDistConnection", "it never opened its second connection"]
])
