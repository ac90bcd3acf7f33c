/** Light, dark, or what the system has. */
export type ThemeChoice = "light" | "dark" | "system";

class Theme {
  choice = $state<ThemeChoice>("system");

  use(choice: string): void {
    this.choice = choice === "light" || choice === "dark" ? choice : "system";
    if (this.choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.choice;
  }
}

export const theme = new Theme();
