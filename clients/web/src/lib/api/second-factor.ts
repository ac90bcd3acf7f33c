/** What somebody has typed as their second factor, as the API takes it. */
export type FactorKind = "totp" | "recovery";

export function secondFactor(kind: FactorKind, code: string) {
  const typed = code.replace(/\s+/g, "");
  if (typed === "") return {};
  return kind === "totp" ? { totp_code: typed } : { recovery_code: typed };
}
