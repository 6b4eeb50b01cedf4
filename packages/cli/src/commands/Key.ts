/** `peerage key`: makes the key of a file, or shows the one that is there. */
import { Crypto } from "@peerage/secure/Crypto"
import * as Identity from "@peerage/secure/Identity"
import { KeyFile, NodeCrypto } from "@peerage/secure/node"
import { Console, Effect } from "effect"
import { Argument } from "effect/cli"
import { argument } from "../Flags.ts"
import * as Reporter from "../room/Reporter.ts"
import { path } from "../secure/SecureFlags.ts"
import { required } from "../Usage.ts"
import * as About from "./About.ts"
import { define } from "./Common.ts"

/** The command. */
export const command = define(
  {
    name: "peerage key",
    about: About.sentences.key,
    flags: {
      file: argument("FILE", "The file, which is made where there is none; nobody but you may read it").pipe(
        Argument.map(required(path, "the file of the key, such as my.key"))
      )
    },
    examples: {
      "peerage key my.key": "Print the key to give to others, and four groups of digits to compare it by",
      "peerage join 192.0.2.1 --identity my.key --allow KEY": "Be the peer of that key where it is allowed"
    }
  },
  Effect.fnUntraced(function*({ given, json, read }) {
    const { file } = yield* read(given)
    const { key } = yield* KeyFile.load(file)
    const fingerprint = Identity.fingerprint(yield* Crypto, key)
    if (json) return yield* Reporter.programs([{ _tag: "Key", key, fingerprint }])
    yield* Console.log(`${key}\n${fingerprint}`)
  }, Effect.provide(NodeCrypto.layer))
)
