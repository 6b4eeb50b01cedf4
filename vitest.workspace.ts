import { defineConfig } from "vitest/config"

const packages = ["transport", "wire", "pyile", "cli"]

export default defineConfig({
  ssr: { resolve: { conditions: ["@peerage/source"] } },
  resolve: { conditions: ["@peerage/source"] },
  test: {
    projects: packages.map((name) => ({
      extends: true,
      test: { name, root: `packages/${name}`, include: ["test/**/*.test.ts"] }
    }))
  }
})
