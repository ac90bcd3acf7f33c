/** The one question by which somebody proves again who they are; the dialog shows it. */

class StepUp {
  /** Whether the question is on the screen. */
  open = $state(false);
  #answer: ((proven: boolean) => void) | null = null;

  /** Asked by the session, once for all calls that wait. */
  ask = (): Promise<boolean> => {
    this.open = true;
    return new Promise((resolve) => (this.#answer = resolve));
  };

  /** What waits goes on, or comes back refused. */
  close(proven: boolean): void {
    this.open = false;
    this.#answer?.(proven);
    this.#answer = null;
  }
}

export const stepUp = new StepUp();

/** The refusal that is left where the question was closed without an answer; no trouble to show. */
export const PROOF_WANTED = "accounts.fresh_authentication_required";
