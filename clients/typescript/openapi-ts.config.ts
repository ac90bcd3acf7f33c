import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: process.env.NODRAKE_OPENAPI ?? "../../spec/openapi.json",
  output: { path: process.env.NODRAKE_GENERATED ?? "src/generated", importFileExtension: ".js" },
  parser: {
    patch: {
      // The generator types an answer by its JSON alone; the text beside it is an answer too.
      operations: (_method, _path, operation) => {
        for (const response of Object.values(operation.responses ?? {})) {
          const content = "content" in response ? response.content : undefined;
          const json = content?.["application/json"];
          if (json?.schema && content?.["text/csv"]) {
            json.schema = { anyOf: [json.schema, { type: "string" }] };
          }
        }
      },
    },
  },
  plugins: [
    "@hey-api/client-fetch",
    { name: "@hey-api/typescript", enums: false },
    { name: "@hey-api/sdk", operations: { strategy: "flat" } },
  ],
});
