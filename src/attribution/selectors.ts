/** A selector that means the model as it was asked for: the deployment's own name where a source keeps it. */
export const DEPLOYMENT = 'deployment';

/** What decides the value of that selector, the first that a call has. */
export const DEPLOYMENT_READS = [DEPLOYMENT, 'request_model', 'model'] as const;
