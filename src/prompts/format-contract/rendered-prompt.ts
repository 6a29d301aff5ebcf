import type { Finding } from '../finding.ts';
import type { Message, RenderedPrompt } from '../prompt.ts';
import { openOutput, type Output, RenderingCapError } from '../rendering/output.ts';

/** Renders a prompt; a cap that was hit is an error finding, since what is left has no size. */
export function renderedPrompt(
  path: string,
  render: (output: Output) => {
    readonly messages: readonly Message[];
    readonly findings: readonly Finding[];
  },
): RenderedPrompt {
  try {
    return render(openOutput());
  } catch (error) {
    if (!(error instanceof RenderingCapError)) throw error;
    return {
      messages: [],
      findings: [
        { level: 'error', code: 'rendering-cap', message: error.message, origin: { file: path } },
      ],
    };
  }
}
