import type { Deployments } from '../domain/deployments.ts';
import type { Overlays } from '../domain/overlays.ts';
import type { HardwarePool } from '../domain/own-hardware.ts';
import type { RateBook } from '../domain/rate-book.ts';
import type { CardsInForce } from '../ledger/rated-cards.ts';
import type { Runtime } from '../runtime.ts';
import { compiledCards } from './rates-cards.ts';

/** The cards and overlays that a command prices by; each is read only when it is asked for. */
export interface RatesInForce {
  readonly digest: () => Promise<string>;
  readonly overlays: () => Promise<Overlays>;
  /** Own or rented machines, whether a model runs on them or not. */
  readonly hardwarePools: () => Promise<readonly HardwarePool[]>;
  /** The cards opened. Cards that this run has to compile are kept for the next unless told otherwise. */
  readonly book: (options?: {
    readonly keepCompiled: boolean;
  }) => Promise<{ readonly book: RateBook; readonly cards: CardsInForce }>;
}

/** The shipped cards under the user's own paths, with the contracts and hardware among them, and the account's own names for models. */
export function ratesInForce(
  own: readonly string[],
  runtime: Runtime,
  deployments?: Deployments,
): RatesInForce {
  const files = async () => {
    const [{ cardFiles, cardsDigest }, { ownFiles }] = await Promise.all([
      import('../config/card-files.ts'),
      import('../config/overlay-files.ts'),
    ]);
    const paths = ownFiles(own);
    const cards = cardFiles(paths.cards);
    return {
      cards,
      digest: () => cardsDigest(cards, paths.overlays, deployments),
      overlays: async (): Promise<Overlays> => {
        if (paths.overlays.length === 0) return { contracts: [], servings: [] };
        return (await import('../config/overlays.ts')).readOverlays(paths.overlays);
      },
      hardwarePools: async (): Promise<readonly HardwarePool[]> =>
        (await import('../config/overlays.ts')).readHardwarePools(paths.overlays),
    };
  };
  return {
    digest: async () => (await files()).digest(),
    overlays: async () => (await files()).overlays(),
    hardwarePools: async () => (await files()).hardwarePools(),
    async book({ keepCompiled } = { keepCompiled: true }) {
      const [{ cards, digest, overlays }, { openCards }, { createRateBook }, compiled] =
        await Promise.all([
          files(),
          import('../config/rate-cards.ts'),
          import('../domain/rate-book.ts'),
          compiledCards(runtime, { write: keepCompiled }),
        ]);
      const { cards: byProvider, ...identity } = openCards(cards, runtime.now(), compiled);
      return {
        book: createRateBook(byProvider, await overlays(), deployments),
        cards: { digest: digest(), ...identity },
      };
    },
  };
}
