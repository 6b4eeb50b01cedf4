/**
 * Loads the command: what was built, in an installed package; the sources, in a clone of the repository, so that whatever
 * was built there some time ago is never run for what is there now.
 */
"use strict"

const { existsSync } = require("node:fs")
const { registerHooks } = require("node:module")
const { join } = require("node:path")
const { pathToFileURL } = require("node:url")

// No package has it, each clone does.
const inClone = existsSync(join(__dirname, "..", "tsconfig.json"))

if (!inClone) {
  // `npm install --global` gives each package an Effect of its own, and the values of one are nothing to another.
  const parentURL = pathToFileURL(__filename).href
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, /^(@effect\/platform-node|effect)(\/|$)/.test(specifier) ? { ...context, parentURL } : context)
  })
  import("../dist/main.js")
} else {
  const conditions = ["@peerage/source"]
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...conditions, ...context.conditions] })
  })
  import("../src/main.ts")
}
