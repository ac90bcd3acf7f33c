/** Something that a person does: busy meanwhile, and what went wrong afterwards. */
import { PROOF_WANTED } from "./step-up.svelte";
import { wasDismissed } from "./passkeys";
import { troubleOf, type Trouble } from "./problems";

export class Action {
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);

  /** Whether it was done. Changing one's mind in a question on the way is no trouble. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = null;
    try {
      await work();
      return true;
    } catch (error) {
      const trouble = wasDismissed(error) ? null : troubleOf(error);
      this.trouble = trouble?.code === PROOF_WANTED ? null : trouble;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
