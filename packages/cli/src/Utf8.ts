/** Text as bytes, without a guess at what is none: two texts of another encoding would become the same. */
import { Result } from "effect"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The text; `undefined` for bytes that are not UTF-8. A byte order mark is a part of it. */
export const decode = (bytes: Uint8Array): string | undefined =>
  Result.getOrUndefined(Result.try(() => decoder.decode(bytes)))

/** The text of a file, or its first line, without the byte order mark that some editors begin files with. */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, "")
