/** Shows a scenario on a page in a browser, until somebody ends it. */
import { Effect, Result, Stream } from "effect"
import { openStage, showing } from "../../console/Attached.ts"
import { invoked } from "../../Invoked.ts"
import { type Screen, write } from "../../room/Screen.ts"
import { heading } from "../Play.ts"
import type { Order } from "../Reading.ts"
import * as OnStage from "./OnStage.ts"

const help = "Time begins when the page opens. Type /console for a new link, and /exit to end."

const complete: Parameters<Screen["typed"]>[0] = (line) => [
  ["/console", "/exit"].filter((word) => word.startsWith(line)),
  line
]

/** Shows it. Ends when somebody leaves the prompt; a pipe that ends does not end it. */
export const show = Effect.fnUntraced(function*(order: Order, port: number, screen: Screen) {
  const { begin, name, scenario } = order
  const stage = yield* OnStage.make({ name, scenario, invoked: yield* invoked, ...begin })
  const showLink = showing(yield* openStage(port, stage))
  yield* write(heading(order))
  yield* showLink
  if (screen.kind === "Terminal") yield* screen.write(["", help])
  const typed = Stream.map(screen.typed(complete), (line) => Result.getOrElse(line, () => "").trim())
  yield* typed.pipe(
    Stream.takeUntil((line) => line === "/exit" || line === "exit", { excludeLast: true }),
    Stream.runForEach((line) => line === "" ? Effect.void : line === "/console" ? showLink : screen.write([help]))
  )
})
