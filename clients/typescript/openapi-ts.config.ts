import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: process.env.NODRAKE_OPENAPI ?? "../../spec/openapi.json",
  output: { path: process.env.NODRAKE_GENERATED ?? "src/generated", importFileExtension: ".js" },
  plugins: [
    "@hey-api/client-fetch",
    { name: "@hey-api/typescript", enums: false },
    { name: "@hey-api/sdk", operations: { strategy: "flat" } },
  ],
});
