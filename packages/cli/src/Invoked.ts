/** How this command was called, for the commands that it shows. */
import { Config, Effect } from "effect"

const variable = (name: string) => Config.withDefault(Config.String(name), "")

/** By a script of its repository, by npx, or by its name, as far as npm's variables say. */
export const invoked: Effect.Effect<string> = Config.all(
  [variable("npm_package_name"), variable("npm_lifecycle_event"), variable("npm_command")]
).pipe(
  Effect.map(([home, event, command]) => {
    if (home === "peerage-workspace" && event !== "" && event !== "npx") return "npm run -s peerage --"
    return command === "exec" ? "npx peerage" : "peerage"
  }),
  Effect.orElseSucceed(() => "peerage")
)
