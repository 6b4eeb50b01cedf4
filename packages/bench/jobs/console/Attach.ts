/** Gives a program that is measured its console, and a page of it in a process of its own. */
import { NodeConsole } from "@peerage/console/node"
import type { Panel } from "@peerage/console/Panel"
import { Effect, Redacted, type Scope } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { kinds } from "./Kinds.ts"

const page = fileURLToPath(new URL("page.ts", import.meta.url))

/** Opens a page, and waits until it shows the peer. */
const open = (link: string, kind: number) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const child = spawn(process.execPath, [...process.execArgv, page, link, String(kind)], {
        stdio: ["pipe", "pipe", "inherit"]
      })
      await once(child.stdout, "data")
      return child
    }),
    (child) => Effect.sync(() => void child.stdin.end())
  )

/** Attaches as much of a console as this for the scope's life. */
export const attach = (
  panel: Panel,
  kind = 0
): Effect.Effect<void, NodeConsole.ConsoleError, Scope.Scope> =>
  Effect.gen(function*() {
    if (kind === kinds.none) return
    const { link } = yield* NodeConsole.make(panel, { port: 0 })
    if (kind !== kinds.closed) yield* open(Redacted.value(yield* link), kind)
  })
