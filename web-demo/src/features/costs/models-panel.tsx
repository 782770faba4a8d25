import type { Model, ModelSize, ModelUse } from '@tintype/bindings/api';
import { useState } from 'react';
import { FailureNotice } from '../../components/failure-notice';
import { formatMicroUsd } from './money';
import { useModels, usePolicy, useSetPolicy } from './use-models';

const uses: Record<ModelUse, string> = {
  small: 'plain questions',
  large: 'hard questions',
  vision: 'images',
  embedding: 'search',
};

const policies: ReadonlyArray<{ size: ModelSize | null; label: string; hint: string }> = [
  {
    size: null,
    label: 'By question',
    hint: 'the small model, and the large one for hard questions',
  },
  { size: 'small', label: 'Always small', hint: 'the cheap one' },
  { size: 'large', label: 'Always large', hint: 'the one that can do more' },
];

/** The models on offer with their prices, and which of them answers. */
export function ModelsPanel({ isOwner }: { isOwner: boolean }) {
  const { data: models, error, refetch } = useModels();
  const policy = usePolicy();
  const setPolicy = useSetPolicy();
  // Shown at once, and taken back if the server refuses. What the mutation says of itself comes a moment too late.
  const [wanted, setWanted] = useState<ModelSize | null>();
  const chosen = wanted === undefined ? policy.data?.size : wanted;
  const choose = (size: ModelSize | null) => {
    setWanted(size);
    setPolicy.mutate({ size }, { onSettled: () => setWanted(undefined) });
  };
  const isWithoutModel = models?.items.every(({ name }) => name === 'extractive');
  return (
    <section aria-labelledby="models" className="mat p-6">
      <h2 id="models" className="font-display text-2xl tracking-tight">
        Models
      </h2>
      {error && (
        <FailureNotice
          title="The models could not be read"
          error={error}
          onRetry={refetch}
          className="mt-4"
        />
      )}
      {isWithoutModel && (
        <p className="mt-3 text-muted">
          No model is configured, so answers are quotes and cost nothing. An administrator can set
          OPENAI_API_KEY.
        </p>
      )}
      {models !== undefined && !isWithoutModel && (
        <>
          <ul className="mt-4 divide-y divide-line">
            {models.items.map((model) => (
              <li key={model.usedFor} className="py-2.5">
                <p className="flex flex-wrap justify-between gap-x-4">
                  <span className="font-semibold wrap-anywhere">{model.name}</span>
                  <span className="text-sm text-muted">{uses[model.usedFor]}</span>
                </p>
                <p className="text-sm text-muted">{priceOf(model)}</p>
              </li>
            ))}
          </ul>
          <p className="mt-2 text-sm text-muted">
            Prices for a million tokens, of {models.priceVersion}.
          </p>
        </>
      )}
      {policy.data !== undefined && !isWithoutModel && (
        <fieldset
          disabled={!isOwner || setPolicy.isPending}
          className="mt-5 border-t border-line pt-4"
        >
          <legend className="float-left mb-2 w-full text-sm font-semibold">
            Which model answers
          </legend>
          {policies.map(({ size, label, hint }) => (
            <label key={label} className="flex min-h-11 w-full items-center gap-3">
              <input
                type="radio"
                name="policy"
                checked={(chosen ?? null) === size}
                onChange={() => choose(size)}
              />
              <span>
                {label} <span className="text-sm text-muted">{hint}</span>
              </span>
            </label>
          ))}
          {!isOwner && <p className="text-sm text-muted">Owners of the workspace decide.</p>}
        </fieldset>
      )}
      {setPolicy.error && (
        <FailureNotice title="That was not changed" error={setPolicy.error} className="mt-3" />
      )}
    </section>
  );
}

function priceOf({ inputMicroUsd, cachedInputMicroUsd, outputMicroUsd }: Model): string {
  if (inputMicroUsd === null || outputMicroUsd === null) return 'no price is known';
  const cached =
    cachedInputMicroUsd === null ? '' : ` (${formatMicroUsd(cachedInputMicroUsd)} from the cache)`;
  return `${formatMicroUsd(inputMicroUsd)} in${cached}, ${formatMicroUsd(outputMicroUsd)} out`;
}
