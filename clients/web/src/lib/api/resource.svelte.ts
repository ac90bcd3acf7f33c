/** What a screen reads from the API: waiting, there, or in trouble; read again on demand. */
import { troubleOf, type Trouble } from "./problems";

export class Resource<T> {
  data = $state.raw<T | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  loading = $state(true);
  readonly #read: () => Promise<T>;
  #latest = 0;

  /** Reads at once. */
  constructor(read: () => Promise<T>) {
    this.#read = read;
    void this.reload();
  }

  /** What is shown stays until the new answer is there; an answer that was overtaken is dropped. */
  reload = async (): Promise<void> => {
    const turn = ++this.#latest;
    this.loading = true;
    this.trouble = null;
    try {
      const data = await this.#read();
      if (turn === this.#latest) this.data = data;
    } catch (error) {
      if (turn === this.#latest) this.trouble = troubleOf(error);
    } finally {
      if (turn === this.#latest) this.loading = false;
    }
  };
}
