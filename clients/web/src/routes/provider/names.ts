/** The names of providers as they write them; others as the operator has called them. */
const WRITTEN: Record<string, string> = {
  github: "GitHub",
  gitlab: "GitLab",
  linkedin: "LinkedIn",
};

export function providerName(name: string): string {
  return WRITTEN[name] ?? name.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
}
