#!/usr/bin/env node
/**
 * The entrypoint. Looks first whether this Node.js is new enough. An old one could not even read what comes after, so
 * this file has no syntax that is not old itself, and loads nothing.
 */
"use strict"

const { engines } = require("../package.json")

/** The first two numbers of a version. */
const numbers = (version) => version.match(/(\d+)\.(\d+)/).slice(1).map(Number)

const needed = numbers(engines.node)
const found = numbers(process.versions.node)

if (found[0] > needed[0] || (found[0] === needed[0] && found[1] >= needed[1])) {
  require("./start.cjs")
} else {
  console.error(
    "peerage needs Node.js " + needed.join(".") + " or newer, and this is " + process.versions.node +
      ". Install a newer one (https://nodejs.org), then run the command again."
  )
  process.exitCode = 1
}
