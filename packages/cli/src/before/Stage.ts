/** Which screen and which teller a long-running command gets: JSON lines, a prompt at a terminal, or plain lines. */
import { Console, Effect, Stdio, Stream } from "effect"
import { TerminalCapabilities } from "effect/cli"
import * as Prompt from "./Prompt.ts"
import { lines, type Screen, write } from "./Screen.ts"
import * as Style from "./Style.ts"

/** How the command speaks. */
export interface Stage {
  readonly kind: "Terminal" | "Plain" | "Json"
  readonly screen: Screen
  /** What everything else in the process prints to. */
  readonly console: Console.Console
}

/** Sets the stage: JSON where it was asked for, a prompt where a person sits at both ends, else plain lines. */
export const set = Effect.fnUntraced(function*(
  json: boolean,
  complete: Prompt.Complete
): Effect.fn.Return<Stage, never, Stdio.Stdio> {
  const { canColor, canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  const style = canColor && !json ? Style.ansi : Style.none
  if (canPrompt && !json) {
    const prompt = yield* Prompt.make({ complete, style })
    return { kind: "Terminal", screen: prompt, console: prompt.console }
  }
  const stdio = yield* Effect.context<Stdio.Stdio>()
  return {
    kind: json ? "Json" : "Plain",
    screen: { write, typed: Stream.provideContext(lines, stdio), style },
    console: yield* Console.Console
  }
})
